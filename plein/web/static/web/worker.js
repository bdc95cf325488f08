// SPDX-License-Identifier: AGPL-3.0-or-later
// The service worker, in sections that know nothing of each other. It is served as /sw.js, so that it sees every page.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// --- Being woken: a message says only which line is new; its words are fetched with the session of this browser. ---
{
  const NOTHING_KNOWN = { title: "Plein", body: "", href: "/notifications/" };

  const wordsOf = async (line) => {
    try {
      const answer = await fetch(`/notifications/${encodeURIComponent(line)}/words/`, {
        credentials: "same-origin", redirect: "error", headers: { Accept: "application/json" },
      });
      return answer.ok ? await answer.json() : NOTHING_KNOWN;
    } catch { return NOTHING_KNOWN; }
  };

  const isLookedAt = async () => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    return pages.some((page) => page.focused);
  };

  self.addEventListener("push", (event) => {
    const said = () => { try { return String(event.data.json().new); } catch { return ""; } };
    event.waitUntil((async () => {
      const line = said();
      // Who looks at Plein sees it there.
      if (!line || await isLookedAt()) return;
      const { title, body, href } = await wordsOf(line);
      await self.registration.showNotification(title, { body, tag: line, icon: "/favicon.ico", data: { href } });
    })());
  });

  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil((async () => {
      const href = new URL(event.notification.data?.href || "/notifications/", self.location.origin);
      if (href.origin !== self.location.origin) return;
      const [page] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      if (!page) { await self.clients.openWindow(href); return; }
      await page.focus();
      await page.navigate(href);
    })());
  });
}
