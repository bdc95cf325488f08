// SPDX-License-Identifier: AGPL-3.0-or-later
// Bringing in a file of any size; only pages with a drop zone load this.
(() => {
  "use strict";
  const { find, say, send } = window.plein;

  // A file of any size in pieces of 8 MB. It carries on where it stopped: after a pause, a lost line or a new visit.
  const PIECE = 8 * 1024 * 1024;
  const WAITS = [2, 10, 30, 60];
  class Upload extends HTMLElement {
    connectedCallback() {
      this.drop = find(".drop", this);
      this.field = find("input[type=file]", this);
      this.board = find("[data-board]", this);
      this.field.addEventListener("change", () => this.begin([...this.field.files]));
      for (const name of ["dragenter", "dragover"]) this.drop.addEventListener(name, (event) => { event.preventDefault(); this.drop.classList.add("over"); });
      for (const name of ["dragleave", "drop"]) this.drop.addEventListener(name, () => this.drop.classList.remove("over"));
      this.drop.addEventListener("drop", (event) => { event.preventDefault(); this.begin([...event.dataTransfer.files]); });
      find("[data-pause]", this)?.addEventListener("click", (event) => this.pause(event.currentTarget));
      find("[data-cancel]", this)?.addEventListener("click", () => this.cancel());
    }
    disconnectedCallback() { this.stop?.abort(); }
    async begin(files) {
      if (!files.length || this.busy) return;
      this.busy = true;
      this.drop.hidden = true;
      this.board.hidden = false;
      try {
        let place = "";
        for (const file of files) place = await this.file(file, files.length);
        this.tell(say("ready"), 100);
        if (place) location.assign(place);
      } catch (trouble) { this.fail(trouble); }
    }
    async file(file, together) {
      this.current = file;
      find("[data-name]", this).textContent = file.name;
      const form = new FormData(this.closest("form") || find("form", this) || undefined);
      for (const [name, value] of [...form]) if (value instanceof File) form.delete(name);
      form.set("name", file.name);
      form.set("size", file.size);
      form.set("files", together);
      const start = await this.insist(() => send(this.dataset.startUrl, { body: form }));
      this.url = start.url;
      let { offset = 0, location: place } = start;
      this.tell("", file.size ? offset / file.size * 100 : 100);
      while (offset < file.size || (!file.size && !place)) {
        const answer = await this.insist(() => this.piece(file, offset));
        if (answer.offset <= offset && !answer.location && file.size) this.stuck = (this.stuck || 0) + 1; else this.stuck = 0;
        if (this.stuck > 5) throw new Error("");
        ({ offset } = answer);
        place = answer.location || place;
        this.tell("", offset / file.size * 100);
        if (place && !file.size) break;
      }
      return place;
    }
    piece(file, offset) {
      const end = Math.min(offset + PIECE, file.size);
      return send(this.url, {
        method: "PUT", body: file.slice(offset, end), signal: this.stop.signal,
        headers: { "Content-Range": file.size ? `bytes ${offset}-${end - 1}/${file.size}` : "bytes */0", "Content-Type": "application/octet-stream" },
      });
    }
    // 409 tells where to carry on; a lost line is tried again; any other refusal is words for the reader.
    async insist(ask) {
      for (let tries = 0; ; tries += 1) {
        await this.resumed;
        this.stop = new AbortController();
        let answer = null;
        try { answer = await ask(); } catch { if (this.cancelled) throw new Error(""); if (this.resumed) { tries = -1; continue; } }
        if (answer && (answer.ok || answer.status === 409)) return answer.json();
        if (answer?.status === 401) throw new Error(say("signed_out"));
        if (answer && answer.status < 500 && answer.status !== 429) throw new Error((await this.reason(answer)) || say("failed"));
        if (tries >= WAITS.length) throw new Error(say("offline"));
        for (let left = WAITS[tries]; left > 0 && !this.cancelled; left -= 1) {
          this.tell(`${say("offline")} ${say("again", { seconds: left })}`);
          await new Promise((resolve) => { setTimeout(resolve, 1000); });
        }
        if (this.cancelled) throw new Error("");
      }
    }
    async reason(answer) {
      const text = await answer.text();
      try { return JSON.parse(text).message || ""; } catch { return new DOMParser().parseFromString(text, "text/html").body.textContent.trim().slice(0, 300); }
    }
    tell(words, percent) {
      if (percent !== undefined) {
        const bar = find("svg.progress", this);
        const whole = Math.min(100, Math.floor(percent));
        find(".value", bar).setAttribute("width", percent);
        bar.setAttribute("aria-valuenow", whole);
        words ||= say("uploading", { percent: whole });
      }
      const place = find("[data-state]", this);
      if (place.textContent !== words) place.textContent = words;
    }
    pause(button) {
      const held = Boolean(this.release);
      button.setAttribute("aria-pressed", String(!held));
      if (held) { this.release(); this.release = null; this.resumed = null; return; }
      this.resumed = new Promise((resolve) => { this.release = resolve; });
      this.stop?.abort();
      this.tell(say("paused"));
    }
    cancel() {
      this.cancelled = true;
      this.release?.();
      this.stop?.abort();
      if (this.url) send(this.url, { method: "DELETE" }).catch(() => {});
      this.back();
    }
    fail(trouble) {
      if (this.cancelled) { this.cancelled = false; return; }
      const strip = find("[data-error]", this);
      find(".grow", strip).textContent = trouble.message || say("failed");
      strip.hidden = false;
      this.back();
      strip.scrollIntoView({ block: "nearest" });
    }
    back() {
      this.busy = false;
      this.url = "";
      this.resumed = null;
      this.release = null;
      this.field.value = "";
      this.drop.hidden = false;
      this.board.hidden = true;
      this.field.focus();
    }
  }

  customElements.define("plein-upload", Upload);
})();
