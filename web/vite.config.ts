import { defineConfig, type Plugin } from "vite";

/** Tells the service worker the names of all files that it keeps. */
const keptFiles: Plugin = {
  name: "kept-files",
  generateBundle(_options, bundle) {
    const names = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
    const files = JSON.stringify([...names.map((name) => `/${name}`), "/icon.svg"].sort());
    const worker = bundle["sw.js"];
    if (worker?.type === "chunk") worker.code = worker.code.replace('"__FILES__"', () => files);
  },
};

export default defineConfig({
  plugins: [keptFiles],
  // Carbon's own files use what Sass has deprecated.
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    rollupOptions: {
      // Two pages, of which the second one hands the response of a sign-in to the first, and the service worker.
      input: { index: "index.html", redirect: "redirect.html", sw: "src/service-worker.js" },
      // A service worker has an address that stays.
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
    // Data addresses would need a wider content security policy.
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
  },
});
