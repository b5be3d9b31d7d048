import { defineConfig } from "vite";

export default defineConfig({
  // Carbon's own files use what Sass has deprecated.
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    // Two pages: the second one hands the response of a sign-in to the first.
    rollupOptions: { input: ["index.html", "redirect.html"] },
    // Data addresses would need a wider content security policy.
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
  },
});
