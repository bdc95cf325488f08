// SPDX-License-Identifier: AGPL-3.0-or-later
// The page without a line: the relations this device kept, one of them in full, and a note about it.
(() => {
  "use strict";
  const { offline } = window.plein;
  let words = {};
  try { words = JSON.parse(document.querySelector('meta[name="plein-offline"]')?.content || "{}"); } catch { /* no words, no page */ }
  const say = (key, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] || "");
  const make = (tag, look = "", text = "") => { const one = document.createElement(tag); one.className = look; if (text) one.textContent = text; return one; };
  const shown = document.getElementById("offline-shown");
  const waiting = document.getElementById("offline-waiting");
  const dated = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

  const list = async () => {
    const { at, list: found } = await offline.relations();
    shown.replaceChildren();
    if (!found.length) { shown.append(make("p", "soft", say("nobody"))); return; }
    shown.append(make("p", "meta", say("since", { day: new Date(at).toLocaleString(document.documentElement.lang) })));
    for (const one of found) {
      const line = make("button", "offline-line");
      line.type = "button";
      line.append(make("b", "strong", one.name), make("span", "meta", [one.roles[0] || one.headline, one.place].filter(Boolean).join(" · ")));
      line.addEventListener("click", () => open(one));
      shown.append(line);
    }
  };

  const open = (one) => {
    const back = make("button", "button small", say("back"));
    back.type = "button";
    back.addEventListener("click", () => list());
    const head = make("h2", "heading", one.name);
    head.tabIndex = -1;
    shown.replaceChildren(back, head);
    for (const role of one.roles) shown.append(make("p", "soft", role));
    for (const point of one.points) {
      const link = make(/^(tel|mailto):/.test(point.href) ? "a" : "span", "link offline-point", point.words);
      if (link.matches("a")) link.href = point.href;
      shown.append(link);
    }
    shown.append(writing(one));
    if (one.todos.length) shown.append(make("h3", "", say("todo")), ...one.todos.map((title) => make("p", "", title)));
    if (one.moments.length) shown.append(make("h3", "", say("last")));
    for (const moment of one.moments) {
      const box = make("div", "offline-moment");
      box.append(make("span", "meta", dated(moment.when)), make("b", "strong", moment.title), make("p", "", moment.text));
      shown.append(box);
    }
    head.focus();
  };

  const writing = (one) => {
    const form = make("form", "stack mt-3");
    const label = make("label", "strong", say("note", { name: one.name }));
    const area = make("textarea", "input");
    area.id = "offline-text";
    area.rows = 4;
    label.htmlFor = area.id;
    const problem = make("p", "error");
    problem.setAttribute("role", "alert");
    const button = make("button", "button primary", say("save"));
    form.append(label, area, problem, button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = area.value.trim();
      problem.textContent = text ? "" : say("empty");
      if (!text) { area.focus(); return; }
      await offline.queue({ relation: one.id, name: one.name, kind: "note", text });
      area.value = "";
      problem.textContent = say("keep");
      queueShown();
    });
    return form;
  };

  const queueShown = async () => {
    const notes = await offline.notes();
    waiting.replaceChildren();
    if (!notes.length) return;
    waiting.append(make("h2", "", `${say("waiting")} (${notes.length})`));
    for (const note of notes) {
      const box = make("div", "offline-moment");
      box.append(make("b", "strong", note.name), make("p", "", note.text));
      if (note.problem) {
        const copy = make("button", "button small", say("copy"));
        const discard = make("button", "button small quiet", say("discard"));
        copy.type = discard.type = "button";
        copy.addEventListener("click", () => navigator.clipboard?.writeText(note.text));
        discard.addEventListener("click", async () => { await offline.discard(note.id); queueShown(); });
        box.append(make("p", "error", note.problem), copy, discard);
      }
      waiting.append(box);
    }
  };
  list().catch(() => shown.append(make("p", "soft", say("nobody"))));
  queueShown().catch(() => {});
})();
