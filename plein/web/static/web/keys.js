// SPDX-License-Identifier: AGPL-3.0-or-later
// Commands and keys. A control names itself with data-command; its words and keys come from one list (web/commands.py).
(() => {
  "use strict";
  const { find, all, openDialog, pick, clearPicks } = window.plein;
  let list = {};
  try { list = JSON.parse(find('meta[name="plein-commands"]')?.content || "{}"); } catch { /* a page without the shell has none */ }
  const ROWS = "table.table tbody tr[tabindex],.activity[tabindex],.moment[tabindex],[data-item][tabindex]";
  const COMPOSER = { b: "call", n: "note", m: "email", a: "todo", v: "visit" };
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  const isUsable = (control) => !control.disabled && !control.closest("[hidden]") && (control.getClientRects().length > 0 || control.closest("[popover],details"));
  // A control inside a row is meant for that row only.
  const control = (name, row) => {
    const wanted = `[data-command="${CSS.escape(name)}"]`;
    return (row?.isConnected && all(wanted, row).find(isUsable)) || all(wanted).find((one) => isUsable(one) && !one.closest(ROWS));
  };
  const run = (name, row) => {
    const one = control(name, row?.matches?.(ROWS) ? row : row?.closest?.(ROWS));
    one?.click();
    return Boolean(one);
  };
  const here = (row) => {
    const chosen = all("tbody .pick .tick:checked").length;
    return Object.entries(list)
      .map(([name, [label, keys, everywhere]]) => ({ name, label, keys, everywhere, one: control(name, row?.closest?.(ROWS)) }))
      .filter(({ one }) => one)
      .map(({ name, label, keys, everywhere, one }) => ({ name, label, keys, everywhere, note: chosen && one.closest(".bulk") ? window.plein.say("selected", { count: chosen }) : "" }));
  };
  const matches = (label, query) => fold(query).split(/\s+/).every((word) => fold(label).split(/\s+/).some((part) => part.startsWith(word)));
  window.plein.commands = { run, here, matches };

  // One dispatcher for all keys. Single letters can be switched off with data-keys="off" on <html>.
  class Keys extends HTMLElement {
    connectedCallback() { this.before = ""; document.addEventListener("keydown", (event) => this.key(event)); }
    key(event) {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        if (event.key.toLowerCase() === "k") { event.preventDefault(); this.palette(); }
        if (event.key === "Enter") { const form = event.target.closest?.("form:not(.bulk)"); if (form) { event.preventDefault(); form.requestSubmit(); } }
        return;
      }
      if (event.key === "Escape") { if (!event.defaultPrevented) this.escape(event); return; }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
      if (event.target.closest?.("input:not(.pick .tick),textarea,select,[contenteditable]") || find("dialog[open],:popover-open.menu")) return;
      if (document.documentElement.dataset.keys === "off" && event.key.length === 1) return;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (this.sequence(name) || this.single(name, event)) event.preventDefault();
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
      if (composer && COMPOSER[name] && composer.choose(COMPOSER[name])) return true;
      const option = all("#palette-list [data-href]").find((one) => all("kbd", one).map((key) => key.textContent.toLowerCase()).join("") === `c${name}`);
      if (option) location.assign(option.dataset.href);
      return Boolean(option);
    }
    single(name, event) {
      const row = document.activeElement?.closest?.(ROWS);
      if (this.built(name, row) || (row && this.row(name, row, event))) return true;
      const named = Object.entries(list).filter(([, [, keys]]) => keys === name || (keys === "o" && name === " " && row));
      return named.some(([command]) => run(command, row));
    }
    built(name, row) {
      switch (name) {
        case "j": return this.move(row, 1);
        case "k": return this.move(row, -1);
        case "/": { const field = find("[data-list-search]"); if (field) { field.focus(); field.select(); } else this.palette(); return true; }
        case "?": openDialog("keys-help"); return true;
        case "z": { const toast = find("plein-toast"); if (toast?.undoUrl) toast.undo(); return Boolean(toast); }
        case "t": { const composer = find("plein-composer"); composer?.choose(); return Boolean(composer); }
        case "i": { const link = document.activeElement?.closest?.("[data-card]") ?? find(":scope>[data-card]", document.activeElement); if (link) find("plein-card")?.show(link); return Boolean(link); }
        default: return false;
      }
    }
    row(name, row, event) {
      const link = find("th a,.title a,a", row);
      if (name === "Enter" && event.target === row) { link?.click(); return Boolean(link); }
      if (name === "o" && !find('[data-command="peek"]', row)) { link?.click(); return Boolean(link); }
      const tick = find(".tick", row);
      if (name === "x" && tick?.closest(".pick")) { tick.checked = !tick.checked; pick(tick, event.shiftKey); return true; }
      return false;
    }
    move(row, step) {
      const rows = all(ROWS).filter((one) => one.getClientRects().length);
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
  customElements.define("plein-keys", Keys);
})();
