/** The page without a network: a service worker keeps its files, and `config.json` as it was last. */

declare global {
  // Of Trusted Types, which TypeScript does not know yet.
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } };
  }
}

const SCRIPT = "/sw.js";

/** Keeps the page's files, once the browser has nothing better to do. Without a service worker all but this works. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 2000));
  idle(() => {
    // The content security policy allows this policy by its name, and the policy this address.
    const policy = window.trustedTypes?.createPolicy("service-worker", { createScriptURL: () => SCRIPT });
    navigator.serviceWorker
      .register(policy ? policy.createScriptURL(SCRIPT) : SCRIPT)
      .catch((error: unknown) => console.warn("The page does not work offline.", error));
  });
}
