// SPDX-License-Identifier: AGPL-3.0-or-later
// The palette, the toast, the keys and the hover card.
(() => {
  "use strict";
  const { find, all, say, announce, send, openDialog, placeBeside, pick, clearPicks } = window.plein;

  // Find, go and do in one field. It opens from HTML already here; the server fills it while you type.
  class Palette extends HTMLElement {
    connectedCallback() {
      this.dialog = find("dialog", this);
      this.field = find("input", this);
      this.list = find("[role=listbox]", this);
      this.start = this.list.innerHTML;
      this.field.addEventListener("input", () => this.changed());
      this.field.addEventListener("keydown", (event) => this.key(event));
      this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
      this.list.addEventListener("pointermove", (event) => { const over = event.target.closest("[role=option]"); if (over) this.select(over, false); });
      this.dialog.addEventListener("close", () => { this.abort?.abort(); this.field.value = ""; });
      this.number();
    }
    open(opener) {
      this.list.innerHTML = this.start;
      this.number();
      openDialog("palette", opener);
      this.load("");
    }
    changed() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(this.field.value.trim()), 80);
    }
    async load(query) {
      const url = this.dataset.url;
      this.abort?.abort();
      if (!url) return;
      this.abort = new AbortController();
      const address = new URL(url, location.href);
      address.searchParams.set("q", query);
      address.searchParams.set("here", location.pathname);
      try {
        const answer = await fetch(address, { signal: this.abort.signal, credentials: "same-origin", headers: { "HX-Request": "true" } });
        if (!answer.ok) return;
        const html = await answer.text();
        if (query !== this.field.value.trim() || (!query && !html.trim())) return;
        this.list.innerHTML = query ? html : html + this.start;
        this.number();
        if (query) announce(say("results", { count: this.options.length }));
      } catch { /* a newer question took over, or the line is gone: the list stays as it was */ }
    }
    get options() { return all("[role=option]", this.list); }
    number() {
      this.options.forEach((option, place) => { option.id = `palette-${place}`; option.setAttribute("aria-selected", "false"); });
      this.select(this.options[0], true);
    }
    select(option, scroll) {
      find("[aria-selected=true]", this.list)?.setAttribute("aria-selected", "false");
      if (!option) { this.field.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      this.field.setAttribute("aria-activedescendant", option.id);
      if (scroll) option.scrollIntoView({ block: "nearest" });
    }
    key(event) {
      const options = this.options;
      const place = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) { event.preventDefault(); this.select(options[(place + step + options.length) % options.length], true); }
      if (event.key === "Enter") { event.preventDefault(); this.go(options[place], event.ctrlKey || event.metaKey); }
    }
    go(option, apart) {
      if (!option) return;
      const { href, dialog, compose } = option.dataset;
      if (apart && href) { window.open(href, "_blank", "noopener"); return; }
      this.dialog.close();
      if (compose) find("plein-composer")?.choose(compose);
      else if (dialog) openDialog(dialog);
      else if (href) location.assign(href);
    }
  }

  // One sentence for what was done, with the way back. It waits while you point at it or tab to it.
  class Toast extends HTMLElement {
    connectedCallback() {
      all(".toast", this).forEach((box) => this.dress(box, box.dataset.undo));
      document.addEventListener("plein:toast", (event) => this.show(event.detail.text, event.detail.undo));
    }
    show(text, undo = "") {
      if (!text) return;
      const box = document.createElement("div");
      box.className = "toast";
      box.append(Object.assign(document.createElement("span"), { textContent: text }));
      this.replaceChildren(box);
      this.dress(box, undo);
      announce(text);
    }
    dress(box, undo) {
      this.undoUrl = undo || "";
      if (undo) {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: say("undo") });
        button.addEventListener("click", () => this.undo());
        box.append(button);
      }
      const wait = () => { this.timer = setTimeout(() => box.remove(), 8000); };
      const hold = () => clearTimeout(this.timer);
      box.addEventListener("pointerenter", hold);
      box.addEventListener("focusin", hold);
      box.addEventListener("pointerleave", wait);
      box.addEventListener("focusout", wait);
      hold();
      wait();
    }
    async undo() {
      const url = this.undoUrl;
      if (!url) return false;
      this.undoUrl = "";
      try {
        const answer = await send(url, { headers: { "HX-Request": "true", Accept: "text/html" } });
        const next = answer.headers.get("HX-Redirect");
        if (next) location.assign(next);
        else if (answer.ok) { announce(say("undone")); location.reload(); }
        else this.show((new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent || "").trim() || say("failed"));
      } catch { this.undoUrl = url; this.show(say("offline"), url); }
      return true;
    }
  }

  // One dispatcher for all keys. Single letters can be switched off with data-keys="off" on <html>.
  const LISTS = "table.table tbody tr[tabindex],.activity[tabindex],.moment[tabindex],[data-item][tabindex]";
  const CREATE = { b: "call", n: "note", m: "email", a: "todo", v: "visit" };
  class Keys extends HTMLElement {
    connectedCallback() { this.before = ""; document.addEventListener("keydown", (event) => this.key(event)); }
    key(event) {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        if (event.key.toLowerCase() === "k") { event.preventDefault(); this.palette(); }
        if (event.key === "Enter") { const form = event.target.closest?.("form"); if (form) { event.preventDefault(); form.requestSubmit(); } }
        return;
      }
      if (event.key === "Escape") { this.escape(event); return; }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target.closest?.("input:not(.pick .tick),textarea,select,[contenteditable]") || find("dialog[open],:popover-open.menu")) return;
      if (document.documentElement.dataset.keys === "off") return;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const done = this.sequence(name) || this.single(name, event);
      if (done) event.preventDefault();
    }
    sequence(name) {
      const first = this.before;
      this.before = "";
      clearTimeout(this.timer);
      if (first === "g") { const link = find(`[data-go="${CSS.escape(name)}"]`); if (link) location.assign(link.href); return Boolean(link); }
      if (first === "c") return this.create(name);
      if (name === "g" || name === "c") { this.before = name; this.timer = setTimeout(() => { this.before = ""; }, 1200); return true; }
      return false;
    }
    create(name) {
      const composer = find("plein-composer");
      if (composer && CREATE[name] && composer.choose(CREATE[name])) return true;
      const option = all("#palette-list [data-href]").find((one) => all("kbd", one).map((key) => key.textContent.toLowerCase()).join("") === `c${name}`);
      if (option) location.assign(option.dataset.href);
      return Boolean(option);
    }
    single(name, event) {
      const row = document.activeElement?.closest?.(LISTS);
      switch (name) {
        case "j": return this.move(row, 1);
        case "k": return this.move(row, -1);
        case "/": { const field = find("[data-list-search]"); if (field) { field.focus(); field.select(); } else this.palette(); return true; }
        case "?": openDialog("keys-help"); return true;
        case "z": { const toast = find("plein-toast"); if (toast?.undoUrl) toast.undo(); return Boolean(toast); }
        case "t": { const composer = find("plein-composer"); composer?.choose(); return Boolean(composer); }
        case "i": { const link = document.activeElement?.closest?.("[data-card]"); if (link) cards()?.show(link); return Boolean(link); }
        default: return row ? this.row(name, row, event) : false;
      }
    }
    row(name, row, event) {
      const link = find("th a,.title a,a", row);
      if ((name === "Enter" && event.target === row) || name === "o") { link?.click(); return Boolean(link); }
      const tick = find(".tick", row);
      if (name === "x" && tick) {
        tick.checked = !tick.checked;
        if (tick.closest(".pick")) pick(tick, event.shiftKey); else tick.dispatchEvent(new Event("change", { bubbles: true }));
        return true;
      }
      return false;
    }
    move(row, step) {
      const rows = all(LISTS);
      const place = rows.indexOf(row);
      const next = rows[row ? Math.min(Math.max(place + step, 0), rows.length - 1) : 0];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
      return Boolean(next);
    }
    palette() {
      const palette = find("plein-palette");
      if (palette?.dialog.open) palette.dialog.close(); else palette?.open();
    }
    escape(event) {
      if (find("dialog[open],:popover-open") || event.target.closest?.("[data-cell]")) return;
      if (!clearPicks()) document.activeElement?.blur?.();
    }
  }

  // A card about whoever you point at for 400 ms, or focus and press i. Never the only place of a fact.
  const cards = () => find("plein-card");
  class Card extends HTMLElement {
    connectedCallback() {
      this.box = Object.assign(document.createElement("div"), { className: "hover-card" });
      this.box.popover = "auto";
      this.append(this.box);
      this.seen = new Map();
      document.addEventListener("pointerover", (event) => this.over(event.target.closest?.("[data-card]")));
      document.addEventListener("pointerout", (event) => {
        if (event.target.closest?.("[data-card],.hover-card") && !event.relatedTarget?.closest?.("[data-card],.hover-card")) this.leave();
      });
      this.box.addEventListener("pointerenter", () => clearTimeout(this.away));
    }
    over(link) {
      clearTimeout(this.timer);
      if (!link || matchMedia("(hover: none)").matches) return;
      clearTimeout(this.away);
      this.timer = setTimeout(() => this.show(link), 400);
    }
    leave() { clearTimeout(this.timer); this.away = setTimeout(() => this.box.matches(":popover-open") && this.box.hidePopover(), 200); }
    async show(link) {
      const url = link.dataset.card;
      try {
        if (!this.seen.has(url)) {
          const answer = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } });
          if (!answer.ok) return;
          this.seen.set(url, await answer.text());
        }
        if (!link.isConnected) return;
        this.box.innerHTML = this.seen.get(url);
        this.box.showPopover();
        placeBeside(this.box, link);
      } catch { /* without a line there is no card, and nothing depends on it */ }
    }
  }

  customElements.define("plein-palette", Palette);
  customElements.define("plein-toast", Toast);
  customElements.define("plein-keys", Keys);
  customElements.define("plein-card", Card);
  window.plein.toast = (text, undo) => find("plein-toast")?.show(text, undo);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest('[data-open="palette"]');
    if (opener) { event.stopImmediatePropagation(); event.preventDefault(); find("plein-palette")?.open(opener); }
  }, true);
})();
