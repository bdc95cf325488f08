// SPDX-License-Identifier: AGPL-3.0-or-later
// A row that is pushed aside with a thumb: to the right it is done, to the left it comes back later.
(() => {
  "use strict";
  const { commands, announce, say } = window.plein;
  const FAR = 84;
  let held = null;
  const row = (event) => event.target.closest?.("[data-item],.activity[tabindex]");

  document.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || event.target.closest("input:not(.tick),textarea,select,[popover]")) return;
    const box = row(event);
    if (box && (box.querySelector('[data-command="done"],[data-command="later"]'))) held = { box, x: event.clientX, y: event.clientY, id: event.pointerId, moved: 0 };
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.id) return;
    const across = event.clientX - held.x;
    // A finger that goes up or down wants to scroll.
    if (!held.moved && Math.abs(event.clientY - held.y) > Math.abs(across)) { held = null; return; }
    if (Math.abs(across) < 12 && !held.moved) return;
    held.moved = across;
    held.box.classList.add("pushed");
    held.box.style.transform = `translateX(${Math.max(-FAR, Math.min(FAR, across))}px)`;
  });
  const settle = (act) => {
    if (!held) return;
    const { box, moved } = held;
    held = null;
    box.style.transform = "";
    box.classList.remove("pushed");
    const name = moved > 0 ? "done" : "later";
    if (act && Math.abs(moved) >= FAR && commands.run(name, box)) announce(say(name));
  };
  document.addEventListener("pointerup", () => settle(true));
  document.addEventListener("pointercancel", () => settle(false));
})();
