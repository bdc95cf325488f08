// SPDX-License-Identifier: AGPL-3.0-or-later
// What is new, while a page is open. However many tabs there are, one of them holds the stream and tells the others.
(() => {
  "use strict";
  const { find, all, announce, send } = window.plein;
  const KEPT = "plein-live";
  const WAITS = [2, 5, 15, 60];
  const seen = new Set();

  class Live extends HTMLElement {
    connectedCallback() {
      this.name = `plein-live-${this.dataset.for}`;
      this.recall();
      if (!window.EventSource) return;
      this.channel = window.BroadcastChannel ? new BroadcastChannel(this.name) : null;
      this.channel?.addEventListener("message", (event) => this.hear(event.data));
      // What was told while this page was on its way passed it by: whoever leads tells it again.
      this.channel?.postMessage({ asks: true });
      addEventListener("pagehide", () => this.leave());
      addEventListener("pageshow", (event) => { if (event.persisted) this.connectedCallback(); });
      this.lead();
    }
    // Whoever gets the lock leads until its page closes; the next in line takes over.
    lead() {
      if (!navigator.locks || !this.channel) { this.open(); return; }
      this.waiting = new AbortController();
      navigator.locks.request(this.name, { signal: this.waiting.signal }, () => new Promise((release) => {
        this.release = release;
        this.open();
      })).catch(() => { /* the page closed while it stood in line */ });
    }
    leave() {
      clearTimeout(this.timer);
      this.source?.close();
      this.release?.();
      this.waiting?.abort();
      this.channel?.close();
    }
    open() {
      const address = new URL(this.dataset.url, location.href);
      const last = this.state?.last;
      if (last) address.searchParams.set("last", last);
      this.source = new EventSource(address);
      this.source.addEventListener("message", (event) => {
        this.tries = 0;
        const news = { ...JSON.parse(event.data), last: event.lastEventId };
        this.channel?.postMessage(news);
        this.hear(news);
      });
      // What else pages show has moved: whoever shows it looks again.
      this.source.addEventListener("inbox", () => { this.channel?.postMessage({ moved: "inbox" }); this.moved("inbox"); });
      this.source.addEventListener("ring", () => { this.channel?.postMessage({ moved: "ring" }); this.moved("ring"); });
      // The server says goodbye when the session, the seat or the token is over: then it is no use to come back.
      this.source.addEventListener("end", () => { this.source.close(); this.forget(); });
      this.source.addEventListener("error", () => { if (this.source.readyState === EventSource.CLOSED) this.again(); });
    }
    // The browser comes back by itself, except after a refusal; a server that is busy or restarts is asked again.
    again() {
      this.tries = (this.tries || 0) + 1;
      if (this.tries > WAITS.length) return;
      this.timer = setTimeout(() => this.open(), WAITS[this.tries - 1] * 1000);
    }
    moved(name) { document.dispatchEvent(new CustomEvent(`plein:${name}`)); }
    hear(news) {
      if (news.asks) { if (this.source && this.state) this.channel?.postMessage({ ...this.state }); return; }
      if (news.moved) { this.moved(news.moved); return; }
      this.state = { unread: news.unread, words: news.words, last: news.last };
      try { sessionStorage.setItem(KEPT, JSON.stringify({ for: this.dataset.for, ...this.state })); } catch { /* then the next page waits for the stream */ }
      this.show();
      const fresh = (news.fresh || []).filter((one) => !seen.has(one.line + one.text));
      fresh.forEach((one) => seen.add(one.line + one.text));
      if (fresh.length) this.tell(fresh);
    }
    recall() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
        if (kept?.for === this.dataset.for) { this.state = kept; this.show(); }
      } catch { /* an unreadable copy is no copy */ }
    }
    forget() { sessionStorage.removeItem(KEPT); this.state = { unread: 0, words: "" }; this.show(); }
    show() {
      const { words } = this.state;
      all("[data-unread]").forEach((place) => {
        place.textContent = words || place.dataset.else || "";
        if (place.dataset.else) place.parentElement.setAttribute("aria-label", [place.dataset.else, words].filter(Boolean).join(", "));
      });
      all("[data-unread-tip]").forEach((place) => { place.dataset.tip = [place.dataset.unreadTip, words].filter(Boolean).join(", "); });
    }
    tell(fresh) {
      all("[data-live-new]").forEach((place) => { place.hidden = false; });
      if (document.visibilityState !== "visible") return;
      const last = fresh[fresh.length - 1];
      // A toast with a way back is not taken away from under somebody's hand.
      if (find("plein-toast .toast")) announce(last.text);
      else window.plein.toast(last.text, "", last.href);
    }
  }
  customElements.define("plein-live", Live);

  // Somebody calls: who it may be is asked anew by each page in sight, as its reader may see it.
  document.addEventListener("plein:ring", () => {
    const address = find("plein-live")?.dataset.ring;
    if (!address || document.visibilityState !== "visible") return;
    fetch(address, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then((call) => { if (call.text) window.plein.toast(call.text, "", call.href); })
      .catch(() => { /* the call is over before the line is back */ });
  });

  // Whoever opens what a line is about has read the line.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-reads]");
    if (link) send(link.dataset.reads, { body: new URLSearchParams({ read: "1" }), headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
  });
})();
