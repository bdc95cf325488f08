// SPDX-License-Identifier: AGPL-3.0-or-later
// Letting this browser be woken: only after somebody asked for it.
(() => {
  "use strict";
  const { find, send } = window.plein;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  class Push extends HTMLElement {
    async connectedCallback() {
      const button = find("button", this);
      if (!("serviceWorker" in navigator) || !("PushManager" in window)) { this.say(this.dataset.refused); return; }
      const here = await navigator.serviceWorker.getRegistration("/");
      button.hidden = Boolean(await here?.pushManager.getSubscription()) && Boolean(find(".form-row form", this.parentElement));
      button.addEventListener("click", () => this.ask(button));
    }
    say(words) { find("[data-said]", this).textContent = words || ""; }
    async ask(button) {
      button.disabled = true;
      this.say("");
      try {
        if (await Notification.requestPermission() !== "granted") { this.say(this.dataset.refused); return; }
        const { key } = await (await send(this.dataset.keyUrl)).json();
        await navigator.serviceWorker.register("/sw.js", { scope: "/" });
        const worker = await navigator.serviceWorker.ready;
        const before = await worker.pushManager.getSubscription();
        // A subscription belongs to the key of one workspace: one for another is given up first.
        if (before && text(before.options.applicationServerKey) !== key) await before.unsubscribe();
        const place = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
        const { endpoint, keys } = place.toJSON();
        const answer = await send(this.dataset.addUrl, { body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }) });
        const { location: next, message } = await answer.json();
        if (answer.ok) location.assign(next);
        else this.say(message);
      } catch { this.say(this.dataset.failed); } finally { button.disabled = false; }
    }
  }
  customElements.define("plein-push", Push);
})();
