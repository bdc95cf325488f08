// SPDX-License-Identifier: AGPL-3.0-or-later
// Files dropped anywhere on a page land in its form: the composer keeps them with what you write, a moment takes them at once.
(() => {
  "use strict";
  const { find, all, say, announce, toast } = window.plein;
  const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const target = (event) => {
    const near = event.target.closest?.("form");
    return (near && find("input[type=file][data-drop]", near)) || find("input[type=file][data-drop]");
  };
  let depth = 0;
  let veil = null;
  const lift = () => { depth = 0; veil?.remove(); veil = null; };

  document.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    if (veil || !target(event)) return;
    veil = Object.assign(document.createElement("div"), { className: "drop-veil", textContent: say("drop") });
    document.body.append(veil);
  });
  document.addEventListener("dragleave", (event) => { if (hasFiles(event)) { depth -= 1; if (depth <= 0) lift(); } });
  // Without this the browser would leave the page for the file, and what was being written would be gone.
  document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    if (event.defaultPrevented) { lift(); return; }
    event.preventDefault();
    lift();
    const field = target(event);
    if (!field) { toast(say("nowhere")); return; }
    take(field, event.dataTransfer.files);
  });

  // A picture pasted into the composer is a file too.
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    const field = event.target.closest?.("form") && find("input[type=file][data-drop]", event.target.closest("form"));
    if (!files?.length || !field) return;
    event.preventDefault();
    take(field, files);
  });

  const take = (field, files) => {
    const together = new DataTransfer();
    [...field.files, ...files].forEach((file) => together.items.add(file));
    field.files = together.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (field.dataset.drop === "send") field.form.requestSubmit();
  };

  const tell = (form) => {
    const note = find("[data-chosen]", form);
    if (!note) return;
    const names = all("input[type=file]", form).flatMap((field) => [...field.files]).map((file) => file.name);
    note.textContent = names.length > 2 ? say("files", { count: names.length }) : names.join(", ");
    if (names.length) announce(note.textContent);
  };
  document.addEventListener("change", (event) => { if (event.target.matches?.("input[type=file]") && event.target.form) tell(event.target.form); });
  document.addEventListener("reset", (event) => setTimeout(() => tell(event.target)));
})();
