// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing a mail: a click puts an address in, ;name and a space put a snippet in.
(() => {
  "use strict";
  // The composer brings this script along each time it comes; once is enough.
  if (window.plein.letters) return;
  window.plein.letters = true;
  const { find, announce, say } = window.plein;
  const TYPED = /(^|\s);([a-z0-9][a-z0-9_-]{0,39})$/i;
  let last = null;

  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-addresses]")) last = event.target; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-address]");
    if (!button) return;
    const form = button.closest("form");
    const field = last?.form === form ? last : find("[data-addresses]", form);
    // What was typed to find somebody makes way for whom was found.
    const parts = field.value.split(",").map((part) => part.trim()).filter(Boolean);
    if (parts.length && !parts.at(-1).includes("@")) parts.pop();
    if (!parts.includes(button.dataset.address)) parts.push(button.dataset.address);
    field.value = parts.join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    announce(button.textContent.trim());
    field.focus();
  });

  const put = async (area, found) => {
    const url = new URL(area.dataset.snippets, location.href);
    url.searchParams.set("name", found[2]);
    if (area.dataset.relation) url.searchParams.set("relation", area.dataset.relation);
    const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const text = await answer.text();
    // Somebody may have typed on meanwhile.
    const start = area.value.indexOf(`;${found[2]}`, found.index);
    if (start < 0) return;
    area.setRangeText(text, start, start + found[2].length + 1, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    announce(say("inserted"));
  };
  document.addEventListener("beforeinput", (event) => {
    const area = event.target;
    if (!area.matches?.("textarea[data-snippets]") || !(event.data === " " || event.inputType === "insertLineBreak")) return;
    const found = area.value.slice(0, area.selectionStart).match(TYPED);
    if (found) put(area, found);
  });
})();
