// SPDX-License-Identifier: AGPL-3.0-or-later
// What is typed into any form with room for a text is kept on this device until it was saved: through a closed tab that
// is opened again, a reload, a session that ended, a server that was away. The composer keeps its own, on the server.
(() => {
  "use strict";
  const { find, all, say } = window.plein;
  const PREFIX = "plein-form:";
  const DAY = 24 * 3600 * 1000;
  const HIDDEN = /^(csrfmiddlewaretoken|moment_id|password.*|new_password.*|code|secret.*)$/;
  const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
  if (!store) return;
  const isKept = (form) => form?.method === "post" && find("textarea", form) && !form.closest("plein-composer,[data-cell],.bulk,[data-no-draft]") && !find("input[type=password]", form);
  const key = (form) => PREFIX + location.pathname + "|" + new URL(form.action, location.href).pathname;
  const fields = (form) => all("input,textarea,select", form).filter((field) => field.name && !HIDDEN.test(field.name) && !["file", "hidden", "submit"].includes(field.type));
  const version = (form) => find("input[name=version]", form)?.value || "";
  const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? String(field.checked) : field.value);
  const read = (name) => { try { return JSON.parse(store.getItem(name)); } catch { return null; } };

  let timer = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!isKept(form)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const values = fields(form).map((field) => [field.name, valueOf(field)]);
      try { store.setItem(key(form), JSON.stringify({ at: Date.now(), version: version(form), values })); } catch { /* a full store costs only the spare copy */ }
    }, 400);
  });
  // Sent is not saved: only the page that follows tells. When it is another page, or one without this form's mistakes, it was.
  document.addEventListener("submit", (event) => {
    if (isKept(event.target)) { clearTimeout(timer); store.setItem(`${key(event.target)}|sent`, "1"); }
  });

  const restore = (form) => {
    const name = key(form);
    const kept = read(name);
    if (!kept) return;
    const was = store.getItem(`${name}|sent`);
    store.removeItem(`${name}|sent`);
    const isRefused = Boolean(find("[aria-invalid=true],.error[role=alert]", form));
    if (isRefused) return;
    if (was || Date.now() - kept.at > DAY) { store.removeItem(name); return; }
    const now = fields(form);
    const changed = kept.values.some(([field, value], place) => now[place]?.name === field && valueOf(now[place]) !== value);
    if (!changed) return;
    // Of an older version than the one on the page only the texts are shown, beside it: what a colleague changed stays.
    const isStale = kept.version !== version(form);
    if (!isStale) kept.values.forEach(([field, value], place) => {
      const one = now[place];
      if (one?.name !== field) return;
      if (["checkbox", "radio"].includes(one.type)) one.checked = value === "true"; else one.value = value;
    });
    const note = document.createElement("p");
    note.className = "help row";
    note.setAttribute("role", "status");
    const away = Object.assign(document.createElement("button"), { type: "button", className: "button small quiet", textContent: say("discard") });
    away.addEventListener("click", () => { store.removeItem(name); form.reset(); note.parentElement.remove(); });
    note.append(Object.assign(document.createElement("span"), { textContent: say(isStale ? "draft_stale" : "draft_here") }), away);
    const texts = !isStale ? [] : kept.values.filter(([field, value], place) => now[place]?.name === field && now[place].matches("textarea") && value)
      .map(([, value]) => Object.assign(document.createElement("blockquote"), { className: "quoted", textContent: value }));
    const box = document.createElement("div");
    box.append(note, ...texts);
    form.prepend(box);
  };
  // A form that was sent from another page than this one was taken in.
  for (const name of Object.keys(store)) {
    if (name.startsWith(PREFIX) && name.endsWith("|sent") && !name.startsWith(`${PREFIX}${location.pathname}|`)) {
      store.removeItem(name);
      store.removeItem(name.slice(0, -"|sent".length));
    }
  }
  const sweep = () => all("form").filter(isKept).forEach(restore);
  sweep();
  document.addEventListener("htmx:after:swap", () => sweep());
})();
