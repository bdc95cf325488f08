// SPDX-License-Identifier: AGPL-3.0-or-later
// The palette, the toast and the hover card.
(() => {
  "use strict";
  const { find, all, say, announce, ask, send, openDialog, placeBeside, commands } = window.plein;

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
      // An answer may take the pressed line away before the release: no click comes then, and what was pressed still counts.
      this.list.addEventListener("pointerdown", (event) => { this.pressed = event.button === 0 ? event.target.closest("[role=option]") : null; });
      this.dialog.addEventListener("pointerup", (event) => { if (this.pressed && !this.pressed.isConnected) this.go(this.pressed, event.ctrlKey || event.metaKey); this.pressed = null; });
      this.list.addEventListener("pointermove", (event) => { const over = event.target.closest("[role=option]"); if (over) this.select(over, false); });
      this.dialog.addEventListener("close", () => { this.abort?.abort(); this.field.value = ""; });
      this.number();
    }
    open(opener) {
      this.row = document.activeElement?.closest?.("[tabindex]");
      this.list.innerHTML = this.start;
      this.shown = "";
      this.hurried = null;
      this.acts("");
      this.number();
      openDialog("palette", opener);
      this.load("");
    }
    changed() {
      clearTimeout(this.timer);
      this.hurried = null;
      this.picked = false;
      this.timer = setTimeout(() => this.load(this.field.value.trim()), 80);
    }
    async load(query) {
      const url = this.dataset.url;
      this.abort?.abort();
      if (!url) return;
      this.acts(query);
      this.abort = new AbortController();
      const address = new URL(url, location.href);
      address.searchParams.set("q", query);
      address.searchParams.set("here", location.pathname);
      try {
        const answer = await ask(address, { signal: this.abort.signal });
        if (!answer.ok) { this.arrive(query); return; }
        const html = await answer.text();
        if (query !== this.field.value.trim() || (!query && !html.trim())) return;
        this.list.innerHTML = query ? html : html + this.start;
        this.acts(query);
        if (query) announce(say("results", { count: this.options.length }));
        this.arrive(query);
      } catch (trouble) { if (trouble.name !== "AbortError") this.arrive(query); /* a newer question took over, or the line is gone: the list stays as it was */ }
    }
    // The list is now of these words. Who pressed Enter before it was, meant the first line of this one.
    arrive(query) {
      this.shown = query;
      const hurried = this.hurried;
      this.hurried = null;
      if (hurried) this.go(this.options[0], hurried.apart);
    }
    // What can be done on this page, with the chosen rows or the row one came from, by the words of its name.
    acts(query) {
      all("[data-run],.group[data-acts]", this.list).forEach((line) => line.remove());
      const found = commands.here(this.row).filter(({ label, everywhere }) => (query ? commands.matches(label, query) : !everywhere)).slice(0, query ? 6 : 5);
      if (found.length) {
        const head = Object.assign(document.createElement("li"), { className: "group", textContent: say("here") });
        head.dataset.acts = "";
        head.setAttribute("role", "presentation");
        const lines = found.map(({ name, label, keys, note }) => {
          const line = document.createElement("li");
          line.setAttribute("role", "option");
          line.dataset.run = name;
          line.append(Object.assign(document.createElement("span"), { className: "cut", textContent: label }));
          const right = Object.assign(document.createElement("span"), { className: "meta", textContent: note });
          keys.split(" ").filter(Boolean).forEach((key) => right.append(Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() })));
          line.append(right);
          return line;
        });
        // What was chosen comes first when it is named; texts and making something new that is called so come later.
        const later = find("[data-later]", this.list);
        if (!query || (found[0].note && found[0].label.toLowerCase().startsWith(query.toLowerCase()))) this.list.prepend(head, ...lines);
        else if (later) later.before(head, ...lines);
        else this.list.append(head, ...lines);
      }
      this.number();
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
      if (step && options.length) { event.preventDefault(); this.picked = true; this.select(options[(place + step + options.length) % options.length], true); }
      if (event.key !== "Enter") return;
      event.preventDefault();
      const apart = event.ctrlKey || event.metaKey, query = this.field.value.trim();
      if (this.picked || this.shown === query || !this.dataset.url) { this.go(options[place], apart); return; }
      this.hurried = { apart };
      clearTimeout(this.timer);
      this.load(query);
    }
    go(option, apart) {
      if (!option) return;
      const { href, dialog, compose, run } = option.dataset;
      if (apart && href) { window.open(href, "_blank", "noopener"); return; }
      this.dialog.close();
      if (run) commands.run(run, this.row);
      else if (compose) find("plein-composer")?.choose(compose);
      else if (dialog) openDialog(dialog);
      else if (href) location.assign(href);
    }
  }

  // One sentence for what was done, with the way back. It waits while you point at it or tab to it.
  class Toast extends HTMLElement {
    connectedCallback() {
      all(".toast", this).forEach((box) => this.dress(box, box.dataset.undo));
      document.addEventListener("plein:toast", (event) => this.show(event.detail.text, event.detail.undo, event.detail.href));
    }
    show(text, undo = "", href = "") {
      if (!text) return;
      const box = document.createElement("div");
      box.className = "toast";
      const words = Object.assign(document.createElement(href ? "a" : "span"), { textContent: text });
      if (href) words.href = href;
      box.append(words);
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
          const answer = await ask(url);
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

  // Whoever looks at a page for a moment finds it again among the recent ones.
  class Visit extends HTMLElement {
    connectedCallback() { this.timer = setTimeout(() => send(this.dataset.url).catch(() => {}), 1500); }
    disconnectedCallback() { clearTimeout(this.timer); }
  }
  customElements.define("plein-visit", Visit);
  customElements.define("plein-palette", Palette);
  customElements.define("plein-toast", Toast);
  customElements.define("plein-card", Card);
  window.plein.toast = (text, undo, href) => find("plein-toast")?.show(text, undo, href);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest('[data-open="palette"]');
    if (opener) { event.stopImmediatePropagation(); event.preventDefault(); find("plein-palette")?.open(opener); }
  }, true);
})();
