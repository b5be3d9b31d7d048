// Keeps the page's files, so that it opens without a network. It never touches requests to the API.
// The build fills in the files. Their names have hashes of their contents, so together they are a version.
const FILES = "__FILES__";
const VERSION = `files ${FILES}`;
const CHANGING = ["/", "/config.json"];

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (FILES.includes(address.pathname)) event.respondWith(keptFirst(request));
  else if (CHANGING.includes(address.pathname)) event.respondWith(networkFirst(address.pathname));
});

async function fill() {
  const cache = await caches.open(VERSION);
  await cache.addAll([...FILES, ...CHANGING]);
}

async function dropOthers() {
  for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
}

/** A file whose name has its content's hash never changes. */
async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function networkFirst(path) {
  const cache = await caches.open(VERSION);
  try {
    const response = await fetch(path, { cache: "no-cache" });
    if (response.ok) {
      await cache.put(path, response.clone());
      return response;
    }
    return (await cache.match(path)) ?? response;
  } catch (error) {
    const kept = await cache.match(path);
    if (kept) return kept;
    throw error;
  }
}
