// SPDX-License-Identifier: AGPL-3.0-or-later
// The agenda: the list from the server becomes a calendar in which things are dragged; keys and swipes go through it.
(() => {
  "use strict";
  const { find, all, send, say, announce } = window.plein;
  const VIEWS = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth" };
  const TEAM = { day: "resourceTimeGridDay", week: "resourceTimeGridWeek", month: "dayGridMonth" };
  const two = (number) => String(number).padStart(2, "0");
  // Times go to and fro as they stand on the clock of whoever looks, without a zone.
  const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const wall = (date) => `${day(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
  const clock = (date) => `${date.getHours()}.${two(date.getMinutes())}`;
  const narrow = matchMedia("(max-width: 760px)");

  const load = (src) => new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject });
    document.head.append(script);
  });

  class Agenda extends HTMLElement {
    connectedCallback() {
      this.facts = JSON.parse(this.dataset.calendar);
      this.words = JSON.parse(this.dataset.words);
      document.addEventListener("keydown", this.onKey = (event) => this.key(event));
      this.swipes();
      if (!narrow.matches) this.draw();
    }
    disconnectedCallback() {
      document.removeEventListener("keydown", this.onKey);
      if (this.calendar) window.EventCalendar.destroy(this.calendar);
    }
    async draw() {
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: this.dataset.style });
      document.head.prepend(style);
      try { await load(this.dataset.script); } catch { return; /* the list is there and says the same */ }
      if (!this.isConnected) return;
      const place = find(".calendar", this);
      this.classList.add("has-calendar");
      // A table of seven thousand cells says less than its links: they are what is read aloud and tabbed through.
      const ROLES = ["role", "aria-colindex", "aria-colspan", "aria-rowindex", "aria-rowspan", "aria-colcount", "aria-rowcount"];
      const plain = () => ROLES.forEach((name) => all(`[${name}]`, place).forEach((part) => part.removeAttribute(name)));
      new MutationObserver(plain).observe(place, { childList: true, subtree: true });
      this.calendar = window.EventCalendar.create(place, this.options());
      find("[data-scroll]", this)?.removeAttribute("tabindex");
    }
    options() {
      const { view, on, people } = this.facts;
      const may = this.hasAttribute("data-write");
      const content = this.words;
      const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
      // A week has room for a column each as long as they are few; with more, their colours tell them apart.
      const hasColumns = people.length > 0 && view !== "month" && (view === "day" || people.length <= 4);
      this.apart = hasColumns;
      return {
        view: (hasColumns ? TEAM : VIEWS)[view],
        date: on,
        headerToolbar: { start: "", center: "", end: "" },
        height: "100%",
        locale: language,
        firstDay: 1,
        weekNumbers: true,
        weekNumberContent: (info) => String(info.week),
        nowIndicator: true,
        dayMaxEvents: true,
        scrollTime: "08:00",
        slotMinTime: "07:00",
        slotMaxTime: "20:00",
        flexibleSlotTimeLimits: true,
        slotDuration: "00:30",
        snapDuration: "00:15",
        slotLabelFormat: (date) => clock(date),
        eventTimeFormat: (start, end) => (end && end - start ? `${clock(start)} – ${clock(end)}` : clock(start)),
        dayHeaderFormat: view === "month" ? { weekday: "short" } : { weekday: "short", day: "numeric", month: "short" },
        allDayContent: content.all_day,
        moreLinkContent: (info) => content.more.replace("{count}", info.num),
        datesAboveResources: true,
        columnWidth: hasColumns && (view === "week" || people.length > 8) ? "120px" : undefined,
        resources: people,
        eventSources: [{ events: (info) => this.fetch(info) }],
        eventContent: (info) => this.content(info),
        eventClick: (info) => this.open(info.event.extendedProps.href, info.jsEvent),
        eventDidMount: (info) => { info.el.removeAttribute("role"); info.el.removeAttribute("tabindex"); },
        editable: may,
        eventLongPressDelay: 180,
        selectable: may,
        selectLongPressDelay: 400,
        dateClick: may ? (info) => this.plan(info.date, null, info.allDay) : undefined,
        select: may ? (info) => this.plan(info.start, info.end, info.allDay) : undefined,
        eventDrop: (info) => this.move(info),
        eventResize: (info) => this.move(info),
      };
    }
    async fetch(info) {
      const address = new URL(this.facts.events, location.href);
      address.searchParams.set("start", info.startStr);
      address.searchParams.set("end", info.endStr);
      const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) { window.plein.toast(say("failed")); return []; }
      const { events, more } = await answer.json();
      if (more) window.plein.toast(more);
      return this.apart ? events.flatMap((event) => this.perColumn(event)) : events;
    }
    // What several colleagues have together stands in the column of each, in the colour of each.
    perColumn(event) {
      return event.resourceIds.map((one) => {
        const tone = this.facts.people.find((person) => person.id === one)?.tone;
        return { ...event, id: `${event.id}~${one}`, resourceIds: [one], classNames: [`of-${tone}`, ...event.classNames.slice(1)] };
      });
    }
    content(info) {
      const { event, timeText, view } = info;
      const { who, place, kind, repeats, href } = event.extendedProps;
      const line = (name, text) => Object.assign(document.createElement("span"), { className: name, textContent: text });
      const title = Object.assign(document.createElement("a"), { href, draggable: false, textContent: event.title + (repeats ? " ↻" : "") });
      title.addEventListener("click", (click) => click.preventDefault());
      const parts = event.allDay ? [title] : [line("when", timeText), title];
      if (kind === "todo") parts.unshift(Object.assign(document.createElement("i"), { className: "box" }));
      const rest = [who, place].filter(Boolean).join(" · ");
      if (rest && view.type !== "dayGridMonth") parts.push(line("who", rest));
      return { domNodes: parts };
    }
    open(href, event) {
      if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
      else location.assign(href);
    }
    plan(start, end, isAllDay) {
      const address = new URL(this.facts.new, location.href);
      address.searchParams.set("at", wall(start));
      if (isAllDay) address.searchParams.set("day", "1");
      const last = end && isAllDay ? new Date(end.getFullYear(), end.getMonth(), end.getDate() - 1) : end;
      if (last) address.searchParams.set("until", wall(last));
      location.assign(address);
    }
    // The calendar has moved it already; the server has the last word.
    async move(info) {
      const { event, revert, newResource } = info;
      if (newResource) { revert(); window.plein.toast(this.words.not_to_another); return; }
      const { kind, version } = event.extendedProps;
      const body = new URLSearchParams({
        kind, id: event.id.split("~")[0], version, start: wall(event.start), end: wall(event.end), all_day: event.allDay ? "1" : "",
      });
      let answer;
      try {
        answer = await send(`${this.facts.move}?of=${encodeURIComponent(this.facts.of)}`, {
          body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout?.(8000),
        });
      } catch { revert(); window.plein.toast(say("offline")); return; }
      const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
      if (said.event && this.apart) this.calendar.refetchEvents();
      else if (said.event) this.calendar.updateEvent(said.event);
      else if (answer.status === 404) { this.calendar.removeEventById(event.id); window.plein.toast(say("gone")); return; }
      if (!answer.ok && !said.event) revert();
      window.plein.toast(said.text || say("failed"), said.undo || "", said.href || "");
    }
    key(event) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.("input,textarea,select,[contenteditable],dialog,[popover]")) return;
      if (document.documentElement.dataset.keys === "off" && event.key.length === 1) return;
      const go = { ArrowLeft: "before", ArrowRight: "after", t: "today", d: "day", w: "week", m: "month" }[event.key];
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (go) { event.preventDefault(); find(`[data-to="${go}"]`)?.click(); }
      else if (step && this.walk(step)) event.preventDefault();
    }
    walk(step) {
      const things = all(this.calendar ? ".ec-event a" : ".agenda-item a", this);
      const box = (thing) => thing.closest(".ec-event").getBoundingClientRect();
      if (this.calendar) things.sort((a, b) => Math.round(box(a).left - box(b).left) || box(a).top - box(b).top);
      if (!things.length) return false;
      const place = things.indexOf(document.activeElement);
      const next = things[place < 0 ? 0 : Math.min(Math.max(place + step, 0), things.length - 1)];
      next.focus();
      next.scrollIntoView({ block: "nearest" });
      return true;
    }
    // A swipe to the side goes a day, a week or a month on.
    swipes() {
      let from = null;
      this.addEventListener("touchstart", (event) => { from = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
      this.addEventListener("touchend", (event) => {
        if (!from || !narrow.matches) return;
        const to = event.changedTouches[0];
        const [across, down] = [to.clientX - from.clientX, Math.abs(to.clientY - from.clientY)];
        from = null;
        if (Math.abs(across) < 70 || down > 50) return;
        announce(this.words[across < 0 ? "after" : "before"]);
        find(`[data-to="${across < 0 ? "after" : "before"}"]`)?.click();
      }, { passive: true });
    }
  }
  customElements.define("plein-agenda", Agenda);
})();
