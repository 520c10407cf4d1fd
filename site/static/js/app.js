"use strict";
/* The shell's script: dialogs, focus on error summaries, no double submit, a word before an idle session ends.
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
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
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
