// SPDX-License-Identifier: AGPL-3.0-or-later
// Naming a colleague: after an @ a list of names opens under the text. The text keeps the name, a hidden field who it is.
(() => {
  "use strict";
  // The composer brings this script along each time it comes; once is enough.
  if (window.plein.mentions) return;
  window.plein.mentions = true;
  const { find, all, say, announce } = window.plein;
  const WAIT = 120;
  const TYPED = /(?:^|[^\w@.])@([\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]+){0,3} ?)$/u;
  let list = null;
  let field = null;
  let timer = null;
  let asked = null;

  const url = (area) => area.closest("[data-mentions]")?.dataset.mentions;
  const options = () => all("[role=option]", list);
  const chosen = () => find("[aria-selected=true]", list);

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    if (!field) return;
    ["aria-activedescendant", "aria-controls", "aria-haspopup"].forEach((name) => field.removeAttribute(name));
    if (list?.matches(":popover-open")) list.hidePopover();
    field = null;
  };
  const select = (option) => {
    if (!option) return;
    chosen()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };
  const make = (area) => {
    list = Object.assign(document.createElement("ul"), { id: "mention-list", className: "mentions" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say("colleagues"));
    list.popover = "manual";
    // Without this the field would lose the focus before the choice is made.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
    area.form.append(list);
  };

  // Where the @ stands on the screen, by a copy of the text up to it.
  const place = (area, at) => {
    const copy = document.createElement("div");
    const looks = getComputedStyle(area);
    ["font", "letterSpacing", "lineHeight", "padding", "border", "boxSizing", "textTransform", "overflowWrap"].forEach((name) => { copy.style[name] = looks[name]; });
    Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", inlineSize: `${area.offsetWidth}px` });
    copy.textContent = area.value.slice(0, at);
    const mark = copy.appendChild(document.createElement("span"));
    mark.textContent = "@";
    document.body.append(copy);
    const box = area.getBoundingClientRect();
    const left = box.left + mark.offsetLeft;
    const top = box.top + mark.offsetTop - area.scrollTop + mark.offsetHeight + 4;
    copy.remove();
    list.style.left = `${Math.max(8, Math.min(left, innerWidth - list.offsetWidth - 8))}px`;
    list.style.top = `${Math.max(8, Math.min(top, innerHeight - list.offsetHeight - 8))}px`;
  };

  const look = async (area) => {
    const typed = area.value.slice(0, area.selectionStart).match(TYPED);
    if (!typed) { close(); return; }
    asked?.abort();
    asked = new AbortController();
    const address = new URL(url(area), location.href);
    address.searchParams.set("q", typed[1]);
    const circle = find("[name=circle]", area.form);
    const relation = (area.form.action || location.pathname).match(/\/relations\/([0-9a-f-]{36})\//);
    if (circle) {
      const named = all("[name=circle-people]:checked", area.form).map((box) => box.value);
      address.searchParams.set("circle", circle.value === "people" ? `people:${named}` : circle.value);
    }
    if (relation && find("input[name=kind]", area.form)?.value === "todo") address.searchParams.set("relation", relation[1]);
    try {
      const answer = await window.plein.ask(address, { signal: asked.signal });
      const html = answer.ok ? await answer.text() : "";
      if (document.activeElement !== area) return;
      if (!html.trim()) { close(); return; }
      // The form may have been replaced since, and the list with it.
      if (list?.closest("form") !== area.form) { list?.remove(); make(area); }
      field = area;
      list.innerHTML = html;
      if (!list.matches(":popover-open")) { list.showPopover(); announce(say("results", { count: options().length })); }
      place(area, area.selectionStart - typed[1].length - 1);
      area.setAttribute("aria-controls", list.id);
      area.setAttribute("aria-haspopup", "listbox");
      select(options()[0]);
    } catch { /* a newer letter took over, or the line is gone: the name is simply typed */ }
  };

  const take = (option) => {
    if (!option || !field) return;
    const area = field;
    const upto = area.value.slice(0, area.selectionStart);
    const begin = upto.length - upto.match(TYPED)[1].length;
    const rest = area.value.slice(area.selectionStart);
    const name = `${option.dataset.name}${/^[\s.,;:!?)]/.test(rest) ? "" : " "}`;
    area.setRangeText(name, begin, area.selectionStart, "end");
    if (!all("input[name=mention]", area.form).some((one) => one.value === option.dataset.seat)) {
      area.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "mention", value: option.dataset.seat }));
    }
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches?.("textarea") || !area.form || !url(area)) return;
    clearTimeout(timer);
    if (!area.value.slice(0, area.selectionStart).includes("@")) { close(); return; }
    timer = setTimeout(() => look(area), WAIT);
  });
  // Before anybody else: while the list is open these keys are its own.
  document.addEventListener("keydown", (event) => {
    if (!field || !list?.matches(":popover-open") || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => { if (event.target === field) setTimeout(() => { if (document.activeElement !== field) close(); }, 150); });
  document.addEventListener("reset", (event) => all("input[name=mention]", event.target).forEach((one) => one.remove()));
})();
