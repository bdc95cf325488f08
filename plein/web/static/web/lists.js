// SPDX-License-Identifier: AGPL-3.0-or-later
// Lists: changing a cell with the keyboard, looking at a row beside the list, putting a filter together, moving columns,
// and on the page of a record the way to its neighbours in the list one came from.
(() => {
  "use strict";
  const { find, all, announce } = window.plein;
  const KEPT = "plein-list";
  const table = () => document.getElementById("list-table");
  const address = (row, end) => `${table().dataset.cells}${row.dataset.id}/${end}`;
  const ajax = (url, target) => window.htmx?.ajax("GET", url, { target, swap: "innerHTML" });

  // Cells. Enter saves and goes down, Tab saves and goes right, Escape (in writing.js) puts the old value back.
  const place = (td) => [...td.parentElement.children].indexOf(td);
  const beside = (td, step) => {
    for (let next = td; (next = step > 0 ? next.nextElementSibling : next.previousElementSibling);) {
      const goal = find("[data-edit],[data-tick]", next);
      if (goal) return goal;
    }
    return td.closest("tr");
  };
  const below = (td, step) => {
    for (let row = td.parentElement; (row = step > 0 ? row.nextElementSibling : row.previousElementSibling);) {
      if (row.dataset.id) return find("[data-edit],[data-tick]", row.children[place(td)]) || row;
    }
    return null;
  };
  const edit = (button) => {
    const row = button.closest("tr");
    const cell = button.closest("td") || button.closest("th");
    if (cell.matches("th")) { location.assign(`${address(row, `cell/${button.dataset.edit}/`)}?edit=1`); return; }
    ajax(`${address(row, `cell/${button.dataset.edit}/`)}?edit=1`, cell);
  };
  // What was typed is shown as saved at once; when it could not be, it is a field again, with the reason beside it.
  const send = (form) => {
    const changed = [...form.elements].some((one) => one.name === "value" && (one.type === "checkbox" ? one.checked !== one.defaultChecked
      : one.matches("select") ? [...one.options].some((option) => option.selected !== option.defaultSelected) : one.value !== one.defaultValue));
    if (!changed && !find("[aria-invalid=true]", form)) { form.dataset.cell = "left"; ajax(form.dataset.cancelUrl, form.closest("td")); return; }
    form.classList.add("sent");
    form.requestSubmit();
  };
  const inCell = (event) => {
    const form = event.target.closest?.("td form.cell-form");
    if (!form || event.isComposing) return false;
    const td = form.closest("td");
    const isText = event.target.matches("textarea");
    if (event.key === "Enter" && (!isText || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      send(form);
      (below(td, event.shiftKey ? -1 : 1) || td.closest("tr")).focus();
      return true;
    }
    if (event.key === "Tab") {
      event.preventDefault();
      const goal = beside(td, event.shiftKey ? -1 : 1);
      send(form);
      goal?.focus();
      return true;
    }
    return false;
  };
  document.addEventListener("htmx:response:error", (event) => all("form.cell-form.sent").forEach((form) => form.classList.remove("sent", "saving")));
  document.addEventListener("htmx:error", () => all("form.cell-form.sent").forEach((form) => form.classList.remove("sent", "saving")));

  const tick = (box) => {
    const row = box.closest("tr");
    const values = { was: JSON.stringify(!box.checked), version: "0" };
    if (box.checked) values.value = "on";
    window.htmx?.ajax("POST", address(row, `cell/${box.dataset.tick}/`), { target: box.closest("td"), swap: "innerHTML", values });
  };

  // Looking beside the list. Focus stays in the list; the pane follows the row while it is open.
  const pane = () => find("#peek .peek");
  const peek = (row) => {
    if (!row?.dataset.id || !table()) return false;
    all("tr.looked-at").forEach((one) => one.classList.remove("looked-at"));
    row.classList.add("looked-at");
    ajax(`${address(row, "peek/")}?${table().dataset.view}`, document.getElementById("peek"));
    return true;
  };
  const closePane = () => {
    const open = pane();
    if (!open) return false;
    history.pushState(null, "", open.dataset.close);
    const row = find("tr.looked-at");
    row?.classList.remove("looked-at");
    open.remove();
    row?.focus();
    return true;
  };

  // The form of a filter: each choice asks the server for the rows as they are now.
  let resting, turns = 0;
  const filledIn = (form, act) => {
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(form)) sent.append(name, value);
    sent.set("act", act);
    return sent.toString();
  };
  const build = async (form, act) => {
    const sent = filledIn(form, act);
    clearTimeout(resting);
    const turn = ++turns;
    const answer = await fetch(`${form.dataset.build}?${sent}`, { credentials: "same-origin", headers: { "HX-Request": "true" } }).catch(() => null);
    if (turn !== turns) return;
    // Somebody who went on typing meanwhile loses nothing: it is asked again with what stands there now.
    if (act === "again" && sent !== filledIn(form, act)) { build(form, act); return; }
    if (!answer) { form.submit(); return; }
    const next = answer.headers.get("HX-Redirect");
    if (next) { location.assign(next); return; }
    const body = form.closest("#list-dialog-body"), focused = document.activeElement?.id;
    body.innerHTML = await answer.text();
    window.htmx?.process(body);
    const rows = all(".filter-row", body);
    (find("[aria-invalid=true]", body) || (act.startsWith("add") ? find("select", rows.at(-1) || body) : document.getElementById(focused)) || find("select", body))?.focus();
    announce(find("[role=alert]", body)?.textContent);
  };

  const moveLine = (button) => {
    const line = button.closest("li");
    const other = Number(button.dataset.move) < 0 ? line.previousElementSibling : line.nextElementSibling;
    if (!other) return;
    if (Number(button.dataset.move) < 0) other.before(line); else other.after(line);
    button.focus();
    announce(line.textContent.trim());
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    const button = target.closest("[data-edit]");
    if (button) { edit(button); return; }
    if (target.closest("[data-peek]")) { peek(target.closest("tr")); return; }
    if (target.closest("[data-peek-close]")) { event.preventDefault(); closePane(); return; }
    const act = target.closest("form[data-build] button[type=submit]");
    if (act) { event.preventDefault(); build(act.form, act.value); return; }
    const everything = target.closest("[data-choose-all]");
    if (everything) { chooseAll(everything.form, everything.getAttribute("aria-pressed") === "true"); return; }
    const move = target.closest("[data-move]");
    if (move) { event.preventDefault(); moveLine(move); }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick]")) tick(event.target);
    // Who types in a closed list changes it with every letter: what follows from the choice waits until it rests.
    if (event.target.matches("form[data-build] [data-rebuild]")) { clearTimeout(resting); resting = setTimeout(build, 300, event.target.form, "again"); }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-build]")) { event.preventDefault(); build(event.target, event.submitter?.value || "show"); }
  });

  let dragged = null;
  document.addEventListener("dragstart", (event) => { dragged = event.target.closest?.("[data-sortable]>li"); });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("[data-sortable]>li");
    if (!dragged || !over || over === dragged || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged); else over.after(dragged);
  });
  document.addEventListener("dragend", () => { dragged = null; });

  // Everything the view shows, not only what is on the page: the form sends the view instead of ids.
  const chooseAll = (bar, isOn) => {
    for (const name of ["all", "view"]) { bar.elements[name].disabled = !isOn; bar.elements[name].value = name === "all" ? "1" : bar.elements[name].value; }
    const button = find("[data-choose-all]", bar);
    button.setAttribute("aria-pressed", String(isOn));
    if (isOn) announce(button.textContent);
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".pick .tick,[data-clear-picks]")) return;
    const bar = find('.bulk[data-for="list-table"]');
    const button = bar && find("[data-choose-all]", bar);
    if (!button) return;
    chooseAll(bar, false);
    button.hidden = !find(".more-row") || !find("thead .pick .tick")?.checked;
  });

  // Keys inside a list. They come before those of every page (keys.js).
  const busy = () => find("dialog[open],:popover-open.menu");
  const keys = (event) => {
    if (inCell(event) || event.ctrlKey || event.metaKey || event.altKey || busy()) return;
    if (event.key === "Escape" && !event.target.closest?.("form")) { if (closePane()) event.preventDefault(); return; }
    if (event.target.closest?.("input:not(.tick),textarea,select,[contenteditable]")) return;
    const row = event.target.closest?.("#list-table tbody tr[data-id]");
    // Tab goes from the row into the pane that tells of it, and back.
    const way = event.key !== "Tab" || !pane() ? null : event.shiftKey ? event.target === pane() && find("tr.looked-at") : event.target.matches("tr.looked-at") && pane();
    if (way) { event.preventDefault(); way.focus(); return; }
    if (row) {
      const td = event.target.closest("td,th");
      const goal = { ArrowDown: td ? below(td, 1) : null, ArrowUp: td ? below(td, -1) : null, ArrowRight: beside(td || row.firstElementChild, 1), ArrowLeft: td ? beside(td, -1) : null }[event.key];
      if (goal) { event.preventDefault(); goal.focus(); return; }
    }
  };
  document.addEventListener("keydown", keys, true);
  let following;
  document.addEventListener("focusin", (event) => {
    const row = event.target.matches?.("#list-table tr[data-id]") && pane() ? event.target : null;
    clearTimeout(following);
    if (row && !row.classList.contains("looked-at")) following = setTimeout(() => peek(row), 160);
  });

  // The list one came from, for the neighbours of a record.
  const remember = () => {
    const list = table();
    if (list) sessionStorage.setItem(KEPT, JSON.stringify({ cells: list.dataset.cells, view: list.dataset.view }));
  };
  const neighbours = async () => {
    const spot = find("[data-beside]");
    if (!spot) return;
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(KEPT)); } catch { /* another page kept something else there */ }
    if (!kept || !spot.dataset.beside.startsWith(kept.cells)) return;
    const answer = await fetch(`${spot.dataset.beside}?${kept.view}`, { credentials: "same-origin", headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok) spot.innerHTML = await answer.text();
  };
  document.addEventListener("htmx:after:swap", remember);
  remember();
  neighbours();
  window.plein.peek = peek;

  // A record opened from a saved view knows from which: some of a company's own fields are kept for a view.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("tbody .named a[href^='/']");
    const view = new URL(location.href).searchParams.get("view");
    if (link && view && !link.search) link.search = `?view=${encodeURIComponent(view)}`;
  }, true);
})();
