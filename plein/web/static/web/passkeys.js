// SPDX-License-Identifier: AGPL-3.0-or-later
// Passkeys: ask the server what to sign, let the device sign it, and send the answer with an ordinary form.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  // What the server sends is JSON; the browser wants bytes.
  const readable = (options) => {
    const { user, challenge, allowCredentials, excludeCredentials } = options;
    const read = { ...options, challenge: bytes(challenge) };
    if (user) read.user = { ...user, id: bytes(user.id) };
    if (allowCredentials) read.allowCredentials = keys(allowCredentials);
    if (excludeCredentials) read.excludeCredentials = keys(excludeCredentials);
    return read;
  };
  const written = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  class Passkey extends HTMLElement {
    connectedCallback() {
      if (!window.PublicKeyCredential) return;
      this.form = this.querySelector("form");
      this.answer = this.form.elements.proof_answer || this.form.elements.answer;
      this.note = this.querySelector("[role=alert]");
      // In a form that also does without, the passkey has a button of its own.
      const beside = this.querySelector("[data-passkey]");
      if (beside) {
        beside.hidden = false;
        beside.querySelector("button").addEventListener("click", () => this.start());
      } else {
        this.form.addEventListener("submit", (event) => { if (!this.answer.value) { event.preventDefault(); this.start(); } });
      }
      this.hidden = false;
    }
    async start() {
      if (this.isBusy) return;
      this.isBusy = true;
      this.note.hidden = true;
      try {
        const token = this.form.elements.csrfmiddlewaretoken.value;
        const headers = { "X-CSRFToken": token, Accept: "application/json" };
        const reply = await fetch(this.dataset.ask, { method: "POST", headers, credentials: "same-origin" });
        const { publicKey, go } = await reply.json();
        if (go) { location.assign(go); return; }
        const wish = { publicKey: readable(publicKey) };
        const made = this.dataset.act === "create" ? await navigator.credentials.create(wish) : await navigator.credentials.get(wish);
        this.answer.value = written(made);
        this.form.submit();
      } catch (trouble) {
        this.note.textContent = (trouble.name === "InvalidStateError" && this.dataset.known) || this.dataset.cancelled;
        this.note.hidden = false;
      } finally {
        this.isBusy = false;
      }
    }
  }
  customElements.define("plein-passkey", Passkey);
})();
