// SPDX-License-Identifier: AGPL-3.0-or-later
// The shared ground of Plein's own script: words, the server, dialogs, menus, theme and choosing rows.
// No framework, no eval, no inline handlers: everything listens on the document, so swapped HTML just works.
(() => {
  "use strict";
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content || "";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  let words = {};
  try { words = JSON.parse(meta("plein-words") || "{}"); } catch { /* a page without the shell has no words */ }

  const say = (key, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] || "");
  // The cookie first: it is fresh after signing in again in another tab.
  const csrf = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] || meta("csrf-token");

  // The workspace this page is of: a request from it is refused when another tab went to another one.
  const here = meta("plein-place");
  const ask = (url, { signal } = {}) =>
    fetch(url, { signal, credentials: "same-origin", headers: { "HX-Request": "true", "X-Plein-Place": here } });

  // One sentence per act for people who listen to the page.
  const announce = (text) => {
    const region = document.getElementById("announcements");
    if (!region || !text) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 60);
  };

  const send = (url, { method = "POST", body = null, headers = {}, signal, keepalive } = {}) =>
    fetch(url, {
      method, body, signal, keepalive, credentials: "same-origin",
      headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", "X-Plein-Place": here, ...headers },
    });

  const openDialog = (id, opener) => {
    const dialog = document.getElementById(id);
    if (!dialog?.showModal || dialog.open) return;
    const back = opener || document.activeElement;
    dialog.showModal();
    dialog.addEventListener("close", () => back?.isConnected && back.focus(), { once: true });
    (find("[autofocus],input:not([type=hidden]),textarea,select", dialog) || find("button", dialog))?.focus();
  };

  const theme = () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    const url = find("plein-theme")?.dataset.url;
    if (url) send(url, { body: new URLSearchParams({ theme: root.dataset.theme }) }).catch(() => {});
  };

  const press = (button) => {
    const group = button.closest(".segment,[data-one-of]");
    if (group) all("[aria-pressed]", group).forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    else button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    const opener = target.closest("[data-open]");
    if (opener) { event.preventDefault(); openDialog(opener.dataset.open, opener); }
    if (target.closest("[data-close]")) target.closest("dialog")?.close();
    if (target.closest("plein-theme button,[data-theme-switch]")) theme();
    const toggle = target.closest("[aria-pressed]");
    if (toggle && !toggle.closest("[data-own]")) press(toggle);
    if (target.matches?.("dialog")) target.close();
    const copy = target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => announce(say("copied")));
  });

  // On a narrow screen the current place of a row of tabs may lie out of sight.
  all(".bar>.tabs [aria-current],.settings>nav [aria-current]").forEach((link) => link.scrollIntoView({ block: "nearest", inline: "nearest" }));

  // Menus open beside their button; the popover itself is the browser's own.
  document.addEventListener("toggle", (event) => {
    const box = event.target;
    if (event.newState !== "open" || !box.matches?.("[popover]") || !box.id || box.matches(".hover-card")) return;
    const opener = find(`[popovertarget="${CSS.escape(box.id)}"]:is(:focus,:hover)`) || find(`[popovertarget="${CSS.escape(box.id)}"]`);
    if (opener) placeBeside(box, opener);
  }, true);

  const placeBeside = (box, opener) => {
    const at = opener.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const below = at.bottom + 6 + size.height < innerHeight;
    const left = Math.min(Math.max(12, at.right - size.width > 12 ? at.right - size.width : at.left), innerWidth - size.width - 12);
    box.style.left = `${Math.max(12, left)}px`;
    box.style.top = `${Math.max(12, below ? at.bottom + 6 : at.top - size.height - 6)}px`;
  };

  // Choosing rows: the bar appears with the first one and says how many.
  let lastPicked = null;
  const picks = (table) => all("tbody .pick .tick", table);
  const picked = (table) => {
    const chosen = picks(table).filter((box) => box.checked);
    const bar = find(`.bulk[data-for="${CSS.escape(table.id)}"]`) || find(".bulk", table.closest("main") || document);
    const head = find("thead .pick .tick", table);
    if (head) {
      head.checked = chosen.length > 0 && chosen.length === picks(table).length;
      head.indeterminate = chosen.length > 0 && !head.checked;
    }
    if (!bar) return;
    bar.hidden = chosen.length === 0;
    const count = find("b", bar);
    if (count) count.textContent = say("selected", { count: chosen.length });
    if (chosen.length) announce(count?.textContent);
  };
  const pick = (box, stretch) => {
    const table = box.closest("table");
    if (box.closest("thead")) picks(table).forEach((one) => { one.checked = box.checked; });
    else if (stretch && lastPicked?.isConnected) {
      const boxes = picks(table);
      const [from, to] = [boxes.indexOf(lastPicked), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    lastPicked = box;
    picked(table);
  };
  const clearPicks = () => {
    const tables = all("table").filter((table) => picks(table).some((box) => box.checked));
    tables.forEach((table) => { picks(table).forEach((box) => { box.checked = false; }); picked(table); });
    return tables.length > 0;
  };
  document.addEventListener("click", (event) => {
    if (event.target.matches(".pick .tick")) pick(event.target, event.shiftKey);
    if (event.target.closest("[data-clear-picks]")) clearPicks();
  });
  // A bulk form sends the ids of the chosen rows, wherever the bar stands in the page.
  document.addEventListener("formdata", (event) => {
    if (!event.target.closest(".bulk,[data-bulk]")) return;
    all("tbody .pick .tick:checked").forEach((box) => event.formData.append(box.name || "ids", box.value));
  });

  // A heavy act is only possible after typing what the page asks for.
  class Confirm extends HTMLElement {
    connectedCallback() {
      const field = find("input:not([type=hidden])", this);
      const button = find("button[type=submit]", this);
      const check = () => { button.disabled = field.value.trim().toLowerCase() !== this.dataset.word.trim().toLowerCase(); };
      field?.addEventListener("input", check);
      if (field && button) check();
    }
  }
  customElements.define("plein-confirm", Confirm);
  customElements.define("plein-theme", class extends HTMLElement {});

  window.plein = { find, all, say, csrf, here, ask, announce, send, openDialog, placeBeside, theme, pick, clearPicks, toast: () => {} };
})();
