// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing: the composer with its drafts, and details edited in place.
(() => {
  "use strict";
  const { find, all, say, announce, send } = window.plein;

  // One form for every kind of moment. What you type is kept: on the server after three quiet seconds,
  // on this device when the line is down.
  class Composer extends HTMLElement {
    connectedCallback() {
      this.form = find("form", this);
      this.area = find("textarea", this);
      this.key = `plein-draft:${this.dataset.key || location.pathname}`;
      this.tabs.forEach((tab) => tab.addEventListener("click", () => this.choose(tab.dataset.kind)));
      find("[role=tablist]", this)?.addEventListener("keydown", (event) => this.arrow(event));
      this.addEventListener("input", () => this.rest());
      this.form.addEventListener("reset", () => setTimeout(() => this.show(this.kind)));
      // Fields inside the form ask things of their own; only what the form itself sent counts as recorded.
      this.form.addEventListener("htmx:after:request", (event) => { if (event.detail.ctx.sourceElement === this.form && event.detail.ctx.response.status < 300) this.done(); });
      this.named();
      this.recall();
      this.show(this.kind);
      this.fetch(this.kind);
    }
    disconnectedCallback() { clearTimeout(this.timer); }
    // An id made here: what is sent twice, because the answer got lost, is recorded once.
    named() { const field = find("input[name=moment_id]", this); if (field && crypto.randomUUID) field.value = crypto.randomUUID(); }
    get tabs() { return all("[role=tab]", this); }
    get kind() { return find("input[name=kind]", this)?.value || this.tabs[0]?.dataset.kind; }
    // Some kinds have a form of their own; what was typed goes along.
    fetch(kind, focus = false) {
      const url = this.tabs.find((tab) => tab.dataset.kind === kind)?.dataset.fragment;
      if (!url || !window.htmx) return false;
      this.keep(kind);
      window.htmx.ajax("GET", url, { target: this, swap: "outerHTML" }).then(() => { if (focus) find("#composer textarea")?.focus(); });
      return true;
    }
    choose(kind = this.kind) {
      if (!this.tabs.some((tab) => tab.dataset.kind === kind)) return false;
      if (this.fetch(kind, true)) return true;
      this.show(kind);
      this.area?.focus();
      this.scrollIntoView({ block: "nearest" });
      return true;
    }
    show(kind) {
      this.tabs.forEach((tab) => {
        const chosen = tab.dataset.kind === kind;
        tab.setAttribute("aria-selected", String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
        if (!chosen) return;
        find("[role=tabpanel]", this)?.setAttribute("aria-labelledby", tab.id);
        if (this.area && tab.dataset.placeholder) this.area.placeholder = tab.dataset.placeholder;
      });
      const field = find("input[name=kind]", this);
      if (field) field.value = kind;
      all("[data-kinds]", this).forEach((part) => {
        const wanted = part.dataset.kinds.split(" ").includes(kind);
        part.hidden = !wanted;
        all("input,select,textarea", part).forEach((control) => { control.disabled = !wanted; });
      });
    }
    arrow(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const tabs = this.tabs;
      const next = tabs[(tabs.findIndex((tab) => tab.dataset.kind === this.kind) + step + tabs.length) % tabs.length];
      if (this.fetch(next.dataset.kind, true)) return;
      this.show(next.dataset.kind);
      next.focus();
    }
    rest() {
      clearTimeout(this.timer);
      this.keep();
      this.timer = setTimeout(() => this.save(), 3000);
    }
    keep(kind = this.kind) {
      try {
        if (this.area.value) sessionStorage.setItem(this.key, JSON.stringify({ kind, text: this.area.value }));
        else sessionStorage.removeItem(this.key);
      } catch { /* a full or forbidden store only costs the spare copy */ }
    }
    recall() {
      try {
        const spare = JSON.parse(sessionStorage.getItem(this.key) || "null");
        if (!spare || this.area.value) return;
        this.area.value = spare.text;
        if (!this.tabs.find((tab) => tab.dataset.kind === spare.kind)?.dataset.fragment) this.show(spare.kind);
        this.state(say("draft_here"));
      } catch { /* an unreadable spare copy is no copy */ }
    }
    async save() {
      const url = this.dataset.draftUrl;
      if (!url) return;
      try {
        const answer = await send(url, { body: new URLSearchParams(new FormData(this.form)) });
        this.state(say(answer.ok ? "draft" : "draft_here"));
      } catch { this.state(say("draft_here")); }
    }
    state(words) { const place = find("[data-draft-state]", this); if (place) place.textContent = words; }
    done() {
      clearTimeout(this.timer);
      sessionStorage.removeItem(this.key);
      const kind = this.kind;
      this.area.defaultValue = "";
      this.area.removeAttribute("aria-invalid");
      find("#composer-error", this)?.remove();
      find("#composer-notice", this)?.replaceChildren();
      this.form.reset();
      this.named();
      this.show(kind);
      this.state("");
    }
  }

  // A detail edited in place: Enter or leaving saves, Escape puts the old value back.
  const cell = (event) => event.target.closest?.("form[data-cell]");
  const restore = (form) => {
    const place = form.closest("dd,td") || form.parentElement;
    form.dataset.cell = "left";
    window.htmx?.ajax("GET", form.dataset.cancelUrl, { target: place, swap: "innerHTML" }).then?.(() => find("button", place)?.focus());
  };
  document.addEventListener("keydown", (event) => {
    const form = cell(event);
    if (form && event.key === "Escape") { event.preventDefault(); restore(form); }
  });
  document.addEventListener("focusout", (event) => {
    const form = cell(event);
    if (!form || form.dataset.cell === "left" || form.contains(event.relatedTarget)) return;
    const changed = [...form.elements].some((field) => field.type !== "hidden" && "defaultValue" in field && (field.value !== field.defaultValue || field.checked !== field.defaultChecked));
    setTimeout(() => {
      if (!form.isConnected || form.contains(document.activeElement) || form.matches(".htmx-request")) return;
      if (changed) form.requestSubmit();
      else if (!find("[aria-invalid=true]", form)) restore(form);
    }, 120);
  });
  document.addEventListener("change", (event) => { if (event.target.matches("select")) cell(event)?.requestSubmit(); });
  document.addEventListener("submit", (event) => {
    const form = cell(event);
    if (form) { form.classList.add("saving"); announce(""); }
  });

  // How many characters are left of what may be said at once.
  document.addEventListener("input", (event) => {
    const most = Number(event.target.dataset?.most);
    const place = most && find("[data-left]", event.target.form);
    if (!place) return;
    const left = most - [...event.target.value.trim()].length;
    place.textContent = String(left);
    place.classList.toggle("error", left < 0);
  });

  customElements.define("plein-composer", Composer);
})();
