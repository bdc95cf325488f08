// SPDX-License-Identifier: AGPL-3.0-or-later
// Rows that can be put in another order: dragged by their handle, or moved by buttons. A row with an address tells the
// server its new place; without one its order is that of the form it stands in.
(() => {
  "use strict";
  const { all, announce, send } = window.plein;

  class Sort extends HTMLElement {
    connectedCallback() {
      this.addEventListener("pointerdown", (event) => this.grab(event));
      this.addEventListener("click", (event) => this.step(event));
    }
    rows() { return all("[data-row]", this).filter((row) => row.closest("plein-sort") === this); }
    grab(event) {
      const row = event.target.closest("[data-handle]")?.closest("[data-row]");
      if (!row || event.button) return;
      event.preventDefault();
      const start = this.rows().indexOf(row);
      const move = (at) => {
        const over = this.rows().find((other) => other !== row && at.clientY < other.getBoundingClientRect().bottom && at.clientY > other.getBoundingClientRect().top);
        if (!over) return;
        const box = over.getBoundingClientRect();
        over[at.clientY < box.top + box.height / 2 ? "before" : "after"](row);
      };
      const stop = (at) => {
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", stop);
        document.removeEventListener("pointercancel", stop);
        const place = this.rows().indexOf(row);
        if (place !== start && at.type !== "pointercancel") this.tell(row, place, start);
        else if (place !== start) this.put(row, start);
      };
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", stop);
      document.addEventListener("pointercancel", stop);
    }
    step(event) {
      const button = event.target.closest("[data-step]");
      const row = button?.closest("[data-row]");
      if (!row) return;
      const rows = this.rows();
      this.put(row, rows.indexOf(row) + (button.dataset.step === "up" ? -1 : 1));
      button.focus();
    }
    put(row, place) {
      const others = this.rows().filter((one) => one !== row);
      if (place <= 0) others[0]?.before(row);
      else others[Math.min(place, others.length) - 1]?.after(row);
    }
    async tell(row, place, start) {
      if (!row.dataset.move) return;
      try {
        const answer = await send(row.dataset.move, { body: new URLSearchParams({ to: String(place) }), headers: { "HX-Request": "true" } });
        if (!answer.ok) throw new Error(String(answer.status));
        // The answer is the list as it is now: what stands first can no longer go up.
        const list = document.getElementById(this.dataset.list);
        if (list) {
          list.outerHTML = await answer.text();
          window.htmx?.process?.(document.getElementById(this.dataset.list));
        }
        const toast = JSON.parse(answer.headers.get("HX-Trigger") || "{}")["plein:toast"];
        if (toast) document.body.dispatchEvent(new CustomEvent("plein:toast", { detail: toast, bubbles: true }));
      } catch {
        this.put(row, start);
        announce(row.dataset.failed);
      }
    }
  }
  customElements.define("plein-sort", Sort);
})();
