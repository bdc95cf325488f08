// SPDX-License-Identifier: AGPL-3.0-or-later
// The inbox looks again by itself when something came in, or when somebody begins to answer.
(() => {
  "use strict";
  const { find } = window.plein;

  const fetched = async (address) => {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    return answer.ok ? answer.text() : null;
  };
  // The one who reads stays where they are: the row that had the focus has it again.
  const put = (place, html) => {
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    const top = place.scrollTop;
    place.innerHTML = html;
    place.querySelectorAll("[autofocus]").forEach((one) => one.removeAttribute("autofocus"));
    window.htmx?.process(place);
    place.scrollTop = top;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };
  const look = async () => {
    const list = find("#inbox-list");
    if (!list || new URL(location.href).searchParams.has("before")) return;
    const html = await fetched(list.dataset.inbox);
    if (html !== null) put(list, html);
    const notice = find("#inbox-notice");
    if (!notice || !list.dataset.inboxMessage) return;
    const words = await fetched(list.dataset.inboxMessage);
    if (words !== null && words.trim() !== notice.innerHTML.trim()) notice.innerHTML = words;
  };
  document.addEventListener("plein:inbox", () => { look().catch(() => { /* the next waking looks again */ }); });

  // Who opens the answer begins to write.
  document.addEventListener("htmx:after:swap", () => {
    const text = find("#inbox-answer textarea[name=text]");
    if (text && !text.dataset.begun) { text.dataset.begun = "1"; text.focus(); text.scrollIntoView({ block: "center" }); }
  });
})();
