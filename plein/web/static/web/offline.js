// SPDX-License-Identifier: AGPL-3.0-or-later
// What this device keeps: relations at hand, for a week and under the rights of today, and notes that wait for a line.
(() => {
  "use strict";
  const { send, announce } = window.plein;
  const WEEK = 7 * 24 * 3600 * 1000;
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content || "";

  const opened = new Promise((resolve, reject) => {
    if (!("indexedDB" in window)) { reject(new Error("no store")); return; }
    const asking = indexedDB.open("plein", 1);
    asking.onupgradeneeded = () => {
      asking.result.createObjectStore("relations", { keyPath: "id" });
      asking.result.createObjectStore("facts");
      asking.result.createObjectStore("notes", { keyPath: "id" });
    };
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
  opened.catch(() => {});
  const within = async (store, mode, act) => {
    const base = await opened;
    return new Promise((resolve, reject) => {
      const work = base.transaction(store, mode);
      const asked = act(work.objectStore(store));
      work.oncomplete = () => resolve(asked?.result);
      work.onerror = work.onabort = () => reject(work.error);
    });
  };
  const all = (store) => within(store, "readonly", (box) => box.getAll());
  const get = (store, key) => within(store, "readonly", (box) => box.get(key));
  const put = (store, value, key) => within(store, "readwrite", (box) => box.put(value, key));
  const remove = (store, key) => within(store, "readwrite", (box) => box.delete(key));
  const empty = (store) => within(store, "readwrite", (box) => box.clear());

  const forget = async () => { await empty("relations"); await remove("facts", "kept"); };
  // Read only while it is fresh; what is older is gone, also when nobody opened Plein since.
  const relations = async () => {
    const kept = await get("facts", "kept");
    if (!kept || Date.now() - kept.at > WEEK || kept.at > Date.now() + WEEK) { await forget(); return { at: 0, list: [] }; }
    return { at: kept.at, list: (await all("relations")).sort((one, other) => one.place_in_list - other.place_in_list) };
  };
  const refresh = async () => {
    const answer = await fetch("/offline/recent", { credentials: "same-origin", redirect: "error", headers: { Accept: "application/json" } });
    if (!answer.ok) { if (answer.status === 401 || answer.status === 403) await forget(); return; }
    const { rights, relations: found } = await answer.json();
    await empty("relations");
    for (const [place, one] of found.entries()) await put("relations", { ...one, place_in_list: place });
    await put("facts", { at: Date.now(), rights, person: meta("plein-person") }, "kept");
  };

  // A note: whose it is, what it is about, and an id made here, under which the server records it once.
  const queue = async (note) => put("notes", { ...note, id: note.id || crypto.randomUUID(), made: Date.now(), by: note.by || meta("plein-person") || (await get("facts", "kept"))?.person || "", problem: "" });
  let sending = null;
  const flush = () => { sending ||= flushed().finally(() => { sending = null; }); return sending; };
  const flushed = async () => {
    const mine = meta("plein-person");
    if (!mine || navigator.onLine === false) return 0;
    let sent = 0;
    for (const note of (await all("notes")).sort((one, other) => one.made - other.made)) {
      if (note.by !== mine || note.problem) continue;
      const body = new URLSearchParams({ id: note.id, relation: note.relation, kind: note.kind, text: note.text });
      let answer;
      try { answer = await send("/offline/notes", { body, headers: { Accept: "application/json" } }); } catch { break; }
      if (answer.ok && !answer.redirected) { await remove("notes", note.id); sent += 1; continue; }
      const problem = (await answer.json().catch(() => ({}))).problem;
      if (!problem) break;
      await put("notes", { ...note, problem });
    }
    return sent;
  };

  window.plein.offline = { relations, refresh, forget, queue, flush, notes: () => all("notes"), discard: (id) => remove("notes", id) };

  const rights = meta("plein-rights");
  const start = async () => {
    if (!rights) { if (location.pathname.startsWith("/sign-in/")) await forget(); return; }
    const kept = await get("facts", "kept");
    if (kept && kept.rights !== rights) await forget();
    const words = meta("plein-sent");
    const sent = await flush();
    if (sent && words) { window.plein.toast?.(words.replace("{count}", sent)); announce(words.replace("{count}", sent)); }
    if (!kept || kept.rights !== rights || Date.now() - kept.at > 10 * 60 * 1000) await refresh();
    navigator.serviceWorker?.register("/sw.js", { scope: "/" }).catch(() => {});
  };
  const soon = window.requestIdleCallback || ((act) => setTimeout(act, 400));
  // A page that is never idle keeps what it may keep all the same.
  addEventListener("load", () => soon(() => start().catch(() => { /* a device that keeps nothing works as before */ }), { timeout: 2000 }));
  addEventListener("online", () => start().catch(() => {}));
  document.addEventListener("submit", (event) => { if (event.target.matches?.('form[action*="sign-out"]')) forget().catch(() => {}); }, true);

  // The composer without a line: a plain note is kept here at once; what has files or fields of its own stays in the form.
  const PLAIN = new Set(["note", "call", "visit", "todo"]);
  document.addEventListener("htmx:error", (event) => {
    const form = event.detail.ctx?.sourceElement;
    const composer = form?.closest?.("plein-composer");
    if (!composer || !form.matches("form")) return;
    const data = new FormData(form);
    const extra = [...data.entries()].some(([name, value]) => (value instanceof File ? value.size > 0 : ["occurred_at", "follow_up", "outcome", "due_on", "with"].includes(name) && value));
    const relation = composer.dataset.key?.match(/^relation-([0-9a-f-]{36})$/)?.[1];
    if (!relation || extra || !PLAIN.has(String(data.get("kind"))) || !String(data.get("text")).trim()) return;
    event.stopImmediatePropagation();
    const name = document.querySelector("h1")?.textContent.trim() || "";
    queue({ id: String(data.get("moment_id") || "") || undefined, relation, name, kind: String(data.get("kind")), text: String(data.get("text")).trim() })
      .then(() => { composer.done?.(); window.plein.toast?.(meta("plein-kept")); });
  }, true);
})();
