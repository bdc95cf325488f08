// SPDX-License-Identifier: AGPL-3.0-or-later
// --- Without a line: the files every page is made of, and one page that shows what this device kept. ---
// No page with anybody's data is ever put in this cache; what may be read without a line lies in the device's own store.
{
  const CACHE = "plein-shell-1";
  const PAGE = "/offline-page/";
  const MOST = 80;

  const keepShell = async () => {
    const cache = await caches.open(CACHE);
    const answer = await fetch(PAGE, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const html = await answer.clone().text();
    const files = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
    await cache.put(PAGE, answer);
    await cache.addAll([...new Set(files)]);
  };
  self.addEventListener("install", (event) => event.waitUntil(keepShell().catch(() => {})));
  self.addEventListener("activate", (event) => event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  })()));

  // Files under /static/ carry the hash of their content in their name: what is kept is what is wanted.
  const file = async (request) => {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request);
    if (kept) return kept;
    const answer = await fetch(request);
    if (answer.ok) {
      const names = await cache.keys();
      if (names.length > MOST) await cache.delete(names.find((one) => new URL(one.url).pathname !== PAGE));
      await cache.put(request, answer.clone());
    }
    return answer;
  };
  const page = async (request) => {
    try { return await fetch(request); } catch (trouble) {
      const kept = await (await caches.open(CACHE)).match(PAGE);
      if (kept) return kept;
      throw trouble;
    }
  };
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
    else if (request.mode === "navigate") event.respondWith(page(request));
  });
}
