"use strict";
/* A study material's table of contents: it marks the chapter that is being read. The list's own place moves while the
   page scrolls, so what stands under the pointer says nothing. Pages work without it. */
(() => {
  const lines = [...document.querySelectorAll(".toc a")];
  const headings = [...new Set(lines.map((line) => document.getElementById(line.hash.slice(1))))].filter(Boolean);
  if (!headings.length) return;
  const EDGE = 2; // pixels: a jump may end on a fraction of one
  let chosen = null; // somebody went there: theirs until it is out of sight, also where the page ends before it is on top

  const top = () => parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  const mark = (heading) => {
    for (const line of lines) {
      if (heading && line.hash === `#${heading.id}`) line.setAttribute("aria-current", "location");
      else line.removeAttribute("aria-current");
    }
  };
  const look = () => {
    if (chosen) {
      const box = chosen.getBoundingClientRect();
      if (box.bottom < 0 || box.top > innerHeight) chosen = null;
    }
    const reached = headings.filter((one) => one.getBoundingClientRect().top <= top() + EDGE);
    mark(chosen || reached[reached.length - 1]);
  };
  const go = () => {
    chosen = headings.find((one) => `#${one.id}` === location.hash) || null;
    requestAnimationFrame(look); // after the jump
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      look();
    });
  }, { passive: true });
  addEventListener("hashchange", go);
  addEventListener("load", go);
  document.addEventListener("click", (event) => {
    const line = event.target.closest(".toc a");
    if (line && line.hash === location.hash) go(); // no hashchange: the address names it already
  });
})();
