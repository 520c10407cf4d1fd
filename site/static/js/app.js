"use strict";
/* The shell's script: dialogs, focus on error summaries, no double submit, what was typed survives an expired page,
   titles under a search box, what is done is said for some seconds, a page that is looked at again is up to date, a word
   before an idle session ends.
   Pages work without it. */
(() => {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    if (!("private" in form.dataset)) keep(form);
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  /* An expired page (errors/expired.html) sends people back to their form, where the fields are filled in again. They
     stay in this tab, for one page: any other page that opens forgets them. The server never sends them back itself:
     in a form with a fresh token a stranger's page could have them submitted. */
  const KEPT = "kept-form";
  const OWN = ["password", "file", "hidden", "submit", "button"];
  const controls = (form) => [...form.elements].filter((one) => one.name && !OWN.includes(one.type));
  function keep(form) {
    const fields = controls(form).map((one) => ["checkbox", "radio"].includes(one.type)
      ? [one.name, one.value, one.checked]
      : [one.name, one.multiple ? [...one.selectedOptions].map((option) => option.value) : one.value]);
    sessionStorage.setItem(KEPT, JSON.stringify({ page: location.pathname + location.search, action: form.action, fields }));
  }
  function refill(kept) {
    const form = [...document.forms].find((one) => one.action === kept.action && one.method === "post");
    if (!form) return;
    controls(form).forEach((one, place) => {
      const [name, value, checked] = kept.fields[place] || [];
      if (name !== one.name) return; // the form has changed since
      if (checked !== undefined) one.checked = checked && one.value === value;
      else if (one.multiple) for (const option of one.options) option.selected = value.includes(option.value);
      else one.value = value;
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  const again = document.querySelector("[data-kept-form]");
  if (kept && again) {
    again.href = kept.page;
    for (const part of document.querySelectorAll("[data-kept]")) part.hidden = false;
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, wanted: true }));
  } else {
    sessionStorage.removeItem(KEPT);
    if (kept && kept.wanted && kept.page === location.pathname + location.search) refill(kept);
  }

  /* Titles under a search box while somebody types; Enter without a choice searches, as without script. */
  for (const list of document.querySelectorAll("[data-suggests]")) {
    const input = document.getElementById(list.dataset.suggests);
    let timer;
    const chosen = () => list.querySelector("[aria-selected=true]");
    const choose = (option) => {
      for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
      if (option) option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option ? option.id : "");
    };
    const show = (wanted) => {
      list.hidden = !wanted || !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      choose(null);
    };
    input.type = "text"; // a box that has suggestions is no plain search field
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    show(false);
    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (input.value.trim().length > 1) timer = setTimeout(() => htmx.trigger(list, "typed"), 300);
      else show(false);
    });
    list.addEventListener("htmx:afterSettle", () => {
      [...list.children].forEach((one, n) => { one.id = `${list.id}-${n}`; });
      show(document.activeElement === input && input.value.trim().length > 1);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && list.children.length) {
        event.preventDefault();
        const places = [null, ...list.children]; // the box itself stands between last and first
        const at = list.hidden ? 0 : places.indexOf(chosen());
        if (list.hidden) show(true);
        choose(places[(at + step + places.length) % places.length]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      } else if (event.key === "Enter" && chosen()) {
        event.preventDefault();
        chosen().click();
      }
    });
    input.addEventListener("blur", (event) => {
      if (!list.contains(event.relatedTarget)) show(false);
    });
  }

  /* A text of limited length is counted, and never cut (5.22). Lines end in two characters, as the server counts. */
  for (const words of document.querySelectorAll("[data-counts]")) {
    const field = document.getElementById(words.dataset.counts);
    const count = () => {
      const left = Number(words.dataset.most) - [...field.value.replace(/\n/g, "\r\n")].length;
      words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace("{n}", Math.abs(left));
      words.classList.toggle("error", left < 0);
    };
    field.addEventListener("input", count);
    words.hidden = false;
    count();
  }

  /* What is done is said for some seconds; it stays while somebody points at it or holds it. */
  const toasts = document.getElementById("toasts");
  const STAYS = document.documentElement.dataset.size === "large" ? 8000 : 4000;
  for (const note of document.querySelectorAll("[data-toast]")) {
    let timer;
    const stay = () => clearTimeout(timer);
    const wait = () => {
      stay();
      if (!note.matches(":hover, :focus-within")) timer = setTimeout(() => note.remove(), STAYS);
    };
    note.append(document.getElementById("toast-close").content.cloneNode(true));
    note.lastElementChild.addEventListener("click", () => note.remove());
    for (const held of ["mouseenter", "focusin"]) note.addEventListener(held, stay);
    for (const left of ["mouseleave", "focusout"]) note.addEventListener(left, wait);
    toasts.append(note);
    wait();
  }

  /* Somebody who comes back to a page finds it as things stand now: a to-do may have been done in another tab. The
     focus stays where it was. */
  let away = false;
  const back = () => {
    for (const part of document.querySelectorAll("[hx-trigger~=back]")) htmx.trigger(part, "back");
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && away) back();
    away = document.hidden;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) back();
  });
  let focused = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo, target } = event.detail;
    // another page answered: the session has ended, and the sign-in page is no part of this one
    if (new URL(xhr.responseURL).pathname !== new URL(pathInfo.finalRequestPath, location).pathname) {
      event.detail.shouldSwap = false;
      location.reload();
    }
    const held = document.activeElement;
    focused = target.contains(held) && held.localName === "a" ? held : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!focused || focused.isConnected) return;
    const same = [...document.querySelectorAll("#main a")]
      .find((one) => one.href === focused.href && one.className === focused.className);
    (same || document.getElementById("main")).focus({ preventScroll: true });
    focused = null;
  });

  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  /* The server knows when the session ends: other windows and the exam room's pulse count too. So it is asked before
     anybody is, and a page in the background never signs out somebody who works in another. */
  const idle = document.getElementById("idle");
  if (idle) {
    const WARN = 300;
    let timer;
    const ask = async (method) => {
      try {
        const headers = { Accept: "application/json", "X-CSRFToken": idle.dataset.token };
        const answer = await fetch(idle.dataset.url, { method, headers });
        if (answer.status === 401 || answer.redirected) location.reload();
        else wait((await answer.json()).left);
      } catch {
        timer = setTimeout(ask, 60000, "GET"); // no network: nothing can be said
      }
    };
    const wait = (left) => {
      clearTimeout(timer);
      const warns = left <= WARN;
      if (warns && !idle.open) idle.showModal();
      if (!warns && idle.open) idle.close();
      timer = setTimeout(ask, 1000 * (warns ? Math.min(left + 2, 30) : left - WARN), "GET");
    };
    idle.addEventListener("click", (event) => {
      if (event.target.closest("[data-here]")) ask("POST");
    });
    idle.addEventListener("cancel", () => ask("POST")); // Escape: somebody is there
    wait(Number(idle.dataset.left));
  }
})();
