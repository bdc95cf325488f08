// SPDX-License-Identifier: AGPL-3.0-or-later
// What happens around every htmx request: the CSRF token, errors in words, retrying, and where focus goes.
(() => {
  "use strict";
  const { find, all, say, csrf, announce, openDialog } = window.plein;
  const WAITS = [10, 30, 60];
  const SAFE = /^(GET|HEAD|OPTIONS|QUERY)$/;
  const on = (name, listener) => document.addEventListener(name, listener);
  const here = (url) => new URL(url, location.href).origin === location.origin;

  on("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (window.plein.here && here(request.action || location.href)) request.headers["X-Plein-Place"] = window.plein.here;
    if (SAFE.test(request.method) || !here(request.action || location.href)) return;
    request.headers["X-CSRFToken"] = csrf();
    if (request.body?.has?.("csrfmiddlewaretoken")) request.body.set("csrfmiddlewaretoken", csrf());
  });

  // Fields that hold the words somebody just wrote, so that they can be copied away.
  const written = (element) => {
    const form = element?.closest?.("form") || element;
    return all("textarea,input[type=text],input:not([type])", form || document).map((field) => field.value).filter(Boolean).join("\n");
  };

  // The strip that stays until the request went through: what happened, when we try again, and the text.
  const trouble = (ctx, key) => {
    const element = ctx.sourceElement;
    if (!element?.isConnected) return;
    const tries = (element.pleinTries || 0);
    const strip = element.pleinStrip?.isConnected ? element.pleinStrip : document.createElement("div");
    element.pleinStrip = strip;
    strip.className = "banner error mt-2";
    strip.setAttribute("role", "alert");
    const text = document.createElement("div");
    text.className = "grow";
    const head = Object.assign(document.createElement("b"), { className: "strong", textContent: say(key) });
    const rest = document.createElement("span");
    text.append(head, " ", rest);
    strip.replaceChildren(text);
    const words = written(element);
    if (words) {
      const copy = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: say("copy") });
      copy.addEventListener("click", () => navigator.clipboard?.writeText(words).then(() => announce(say("copied"))));
      strip.append(copy);
    }
    const again = () => { clearInterval(element.pleinTimer); element.pleinTries = tries + 1; repeat(ctx); };
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: say("retry") });
    button.addEventListener("click", again);
    strip.append(button);
    place(strip, element);
    clearInterval(element.pleinTimer);
    let left = WAITS[tries];
    const kept = words ? `${say("kept")} ` : "";
    const tell = () => { rest.textContent = left ? kept + say("again", { seconds: left }) : kept; };
    tell();
    if (left) element.pleinTimer = setInterval(() => { left -= 1; if (left <= 0) again(); else tell(); }, 1000);
  };
  const place = (strip, element) => {
    if (strip.isConnected) return;
    const form = element.closest("form,.composer,.panel,dd,.scroll");
    if (form && !form.matches(".scroll,dd")) form.append(strip);
    else if (form?.matches("dd")) form.append(strip);
    else (find("#content") || document.body).prepend(strip);
  };
  const repeat = (ctx) => {
    const { request } = ctx;
    const element = ctx.sourceElement;
    if (!element?.isConnected) return;
    if (element.matches("form")) element.requestSubmit();
    else window.htmx?.ajax(request.method, request.action, { source: element, target: ctx.target, swap: ctx.swap });
  };

  const gone = (ctx) => {
    const row = ctx.sourceElement?.closest("tr,.moment,.action,.activity,li") || ctx.target?.closest?.("tr,.moment,li");
    const neighbour = row?.nextElementSibling || row?.previousElementSibling;
    row?.remove();
    announce(say("gone"));
    window.plein.toast(say("gone"));
    (find("a,button,[tabindex]", neighbour || document) || find("#content"))?.focus();
  };

  let waiting = null;
  on("click", async (event) => {
    const back = event.target.closest("[data-back-to]");
    if (back) {
      const answer = await window.plein.send(back.dataset.url, { body: new URLSearchParams({ place: back.dataset.backTo }) }).catch(() => null);
      if (!answer?.ok) { location.assign("/"); return; }
    } else if (!event.target.closest("[data-carry-on]")) return;
    event.target.closest("dialog").close();
    if (waiting) repeat(waiting);
    waiting = null;
  });
  on("htmx:response:error", (event) => {
    const { ctx } = event.detail;
    const status = ctx.response.status;
    if (status === 401) {
      if (!document.getElementById("sign-in-again")) return;
      delete ctx.hx.redirect;
      waiting = ctx;
      openDialog("sign-in-again");
      announce(say("signed_out"));
    } else if (status === 421) {
      waiting = ctx;
      openDialog("other-place");
      announce(say("other_place"));
    } else if (status === 404) gone(ctx);
    else if (status === 429 || status >= 500) trouble(ctx, "failed");
  });
  on("htmx:error", (event) => { if (event.detail.ctx) trouble(event.detail.ctx, "offline"); });
  on("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.status >= 429) return;
    const element = ctx.sourceElement;
    clearInterval(element?.pleinTimer);
    element?.pleinStrip?.remove();
    if (element) element.pleinTries = 0;
  });

  // Focus stays where it was; when its element is gone it goes to the next thing, never to the top.
  let focused = null;
  on("htmx:before:swap", (event) => {
    const active = document.activeElement;
    const target = event.detail.ctx.target;
    focused = active && target?.contains?.(active) ? { id: active.id, target, place: target.id, next: target.nextElementSibling } : null;
  });
  // Who may take the focus over, best first: the same thing, what took its place, what follows it, the heading.
  const heirs = function* ({ id, target, place, next }) {
    if (id) yield document.getElementById(id);
    const there = target.isConnected ? target : document.getElementById(place);
    for (const part of [there, next]) {
      if (!part || part === document.body) continue;
      yield find("textarea", part);
      yield find("a,button,input:not([type=hidden]),[tabindex]", part);
    }
    yield find("[data-list-heading]");
    yield find("#content");
  };
  on("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    const status = ctx.response?.status;
    const target = ctx.target?.isConnected ? ctx.target : document;
    if (status === 422) {
      const wrong = find("[aria-invalid=true]", target) || find("[aria-invalid=true]");
      wrong?.focus();
      announce(document.getElementById(wrong?.getAttribute("aria-describedby")?.split(" ").pop())?.textContent);
      return;
    }
    const wanted = find("[autofocus]", target === document ? null || document.createElement("i") : target);
    if (wanted) { wanted.focus(); wanted.select?.(); return; }
    // What a dialog asks for has come: on to its first field.
    if (target !== document && target.closest("dialog[open]") && !target.contains(document.activeElement)) {
      (find("input:not([type=hidden]),textarea,select", target) || find("[type=submit]", target))?.focus();
      return;
    }
    if (!focused || (document.activeElement && document.activeElement !== document.body)) return;
    for (const heir of heirs(focused)) {
      heir?.focus();
      if (document.activeElement && document.activeElement !== document.body) return;
    }
  });
})();
