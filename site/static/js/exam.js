"use strict";
/* The exam room (ui/spec.md 5.12-5.14, 7.7).
   Every change is written to a journal in IndexedDB first, then sent. A step's key is (epoch, slot, seq): sending it
   again is harmless, so after a crash the next page simply sends what its predecessors left in the journal. The
   journal goes by the sitting's token: numbers are given again when a server is restored, tokens never.
   The server's clock decides; ours only measures how much of it is left. */
(() => {
  const DEBOUNCE = 800;
  const HURRY = 5; // seconds before the end: send at once
  const BACK_OFF = [2000, 4000, 8000, 15000];
  const BATCH = 200;
  const PULSE = 60000; // an empty save: time, and whether another page leads
  const COLLECTING = 5000; // the time is up and another page, or the clock, is about to hand in
  const PATIENCE = 10000;

  const room = document.getElementById("room");
  const form = document.getElementById("paper");
  const words = JSON.parse(document.getElementById("exam-words").textContent);
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_match, key) => values[key]);

  const epoch = Number(room.dataset.epoch);
  const prefix = `exam:${room.dataset.sitting}:`;
  const cards = all(".qcard");
  const cardOf = new Map(cards.map((card) => [Number(card.dataset.slot), card]));
  const slots = [...cardOf.keys()];
  const submitDialog = document.getElementById("dlg-submit");
  const sheetDialog = document.getElementById("dlg-sheet");
  const timeDialog = document.getElementById("dlg-time");

  let journal = { queue: [], flags: [], at: slots[0], seq: 0 }; // this page's own
  const heritage = new Map(); // journals of earlier pages of this sitting, by key
  let hasInherited = false;
  const lateSlots = new Set(); // whose answers came after the deadline or the hand-in
  let endsAt = performance.now() + Number(room.dataset.seconds) * 1000;
  let sending = false;
  let failures = 0;
  let timer = 0;
  let isReadOnly = false; // another page leads, or the time is up
  let isFinishing = false;
  let isLeaving = false;
  let usesKeys = true;
  const announced = new Set();
  const told = new Set(); // answers of other pages, by key, that the candidate has been told of
  const toCheck = { filled: new Set(), overruled: new Set() }; // their questions

  /* ---------------------------------------------------------------- journal */
  const write = () => idbKeyval.set(prefix + epoch, journal).catch(() => {}); // private windows have none: memory holds it

  const queued = () => [...[...heritage.values()].flatMap((older) => older.queue), ...journal.queue];
  const unsentSlots = () => new Set(queued().map((step) => step.slot)).size;

  async function inherit() {
    const keys = await idbKeyval.keys().catch(() => []);
    const older = keys.filter((key) => String(key).startsWith(prefix) && key !== prefix + epoch);
    older.sort((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)));
    for (const key of older) {
      const left = await idbKeyval.get(key).catch(() => null);
      if (!left) continue;
      journal.flags = left.flags;
      journal.at = left.at;
      if (left.queue.length) heritage.set(key, left);
      else idbKeyval.del(key).catch(() => {});
    }
    const own = await idbKeyval.get(prefix + epoch).catch(() => null); // only after a restore: epochs are given again too
    if (own) {
      journal.queue.unshift(...own.queue);
      journal.seq = Math.max(journal.seq, own.seq);
    }
    const unseen = new Map(); // by card: what the server has not seen yet is newer than what it rendered
    for (const step of queued()) {
      const card = cardOf.get(step.slot);
      if (!card) continue;
      const known = unseen.has(card) ? keyOf(unseen.get(card)) : card.dataset.origin.split(":").map(Number);
      if (isNewer(keyOf(step), known)) unseen.set(card, step);
    }
    for (const [card, step] of unseen) {
      put(card, step);
      if (step.epoch !== epoch) note(card); // from now on it is this page's answer: an older page's would not count
    }
    await write();
  }

  const keyOf = (step) => [step.epoch, step.seq];
  const isNewer = (one, other) => one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);

  function put(card, step) {
    [card.dataset.epoch, card.dataset.seq] = keyOf(step);
    for (const input of card.querySelectorAll("input")) input.checked = step.answer.includes(input.value);
  }

  function note(card) {
    journal.seq += 1;
    journal.queue.push({ epoch, slot: Number(card.dataset.slot), seq: journal.seq, answer: answerOf(card) });
    [card.dataset.epoch, card.dataset.seq] = [epoch, journal.seq];
  }

  /* What another page has sent: it fills what is unanswered here, and is put aside where this page was opened with
     another answer. Returns what became of it, "" where there is nothing to tell. */
  function show(step) {
    const card = cardOf.get(step.slot);
    if (!card) return "";
    const known = [Number(card.dataset.epoch), Number(card.dataset.seq)];
    const isSame = answerOf(card).join() === [...step.answer].sort().join();
    if (isNewer(keyOf(step), known)) {
      put(card, step);
      return isSame ? "" : "filled";
    }
    return known[0] === epoch && known[1] === 0 && !isSame ? "overruled" : "";
  }

  async function drop(saved) {
    const keys = new Set(saved.map((key) => key.join(":")));
    const isLeft = (step) => !keys.has(`${step.epoch}:${step.slot}:${step.seq}`);
    journal.queue = journal.queue.filter(isLeft);
    for (const [key, older] of heritage) {
      older.queue = older.queue.filter(isLeft);
      if (older.queue.length) continue;
      heritage.delete(key);
      await idbKeyval.del(key).catch(() => {});
    }
    await write();
  }

  async function forget() {
    for (const key of await idbKeyval.keys().catch(() => [])) {
      if (String(key).startsWith(prefix)) await idbKeyval.del(key).catch(() => {});
    }
  }

  /* ---------------------------------------------------------------- sending */
  function csrf() {
    const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie); // newer than the page after signing in elsewhere
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  function schedule(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  async function send() {
    if (sending || isLeaving) return;
    sending = true;
    clearTimeout(timer);
    const steps = queued().slice(0, BATCH);
    const before = unsentSlots();
    if (steps.length) state("saving");
    const asked = performance.now();
    const gate = new AbortController();
    const watch = setTimeout(() => gate.abort(), PATIENCE);
    let reply = null;
    let wasRedirected = false;
    try {
      const response = await fetch(room.dataset.save, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify({ epoch, steps }),
        signal: gate.signal,
      });
      wasRedirected = response.redirected || response.status === 403;
      if (!wasRedirected && (response.ok || response.status === 409)) reply = await response.json();
    } catch (error) {
      reply = null; // no network, or no patience: the journal holds the steps
    }
    clearTimeout(watch);
    sending = false;
    if (reply === null) return failed(wasRedirected);
    endsAt = (asked + performance.now()) / 2 + reply.remaining_seconds * 1000;
    await drop([...reply.saved, ...reply.refused]); // a refused step will never fit: it must not hold up the others
    for (const [, slot] of reply.late) lateSlots.add(slot);
    if (reply.refused.length) refused(reply.refused);
    const isLeading = reply.code !== "taken_over";
    const isNews = tellOfOthers(reply.others, isLeading); // a phone that was offline may have delivered meanwhile
    redraw();
    const hadFailed = failures > 0;
    failures = 0;
    banner("offline", false);
    banner("signin", false);
    if (hadFailed && before) welcomeBack(before);
    const left = unsentSlots();
    if (!isLeading) return surrender(left);
    state(left ? "unsent" : "saved", reply.server_now.slice(11, 19));
    if (left) schedule(queued().length > steps.length ? 0 : DEBOUNCE);
    else if (reply.state !== "in_progress") (lateSlots.size ? tooLate() : leave());
    else if (isFinishing && isNews && secondsLeft() > 0) reconsider();
    else if (isFinishing) handIn();
    else schedule(PULSE);
  }

  function failed(needsSignIn) {
    const wait = BACK_OFF[Math.min(failures, BACK_OFF.length - 1)];
    failures += 1;
    state(unsentSlots() ? "unsent" : "saved");
    banner(needsSignIn ? "signin" : "offline", true);
    banner(needsSignIn ? "offline" : "signin", false);
    if (isFinishing) waiting();
    schedule(wait + Math.random() * 1000);
  }

  function welcomeBack(count) {
    find("[data-back]").textContent = fill(words.back, { n: count });
    banner("back", true);
    setTimeout(() => banner("back", false), 5000);
  }

  function refused(keys) {
    const n = new Set(keys.map(([, slot]) => slot)).size;
    find("[data-refused]").textContent = fill(words.refused, { n });
    banner("refused", true);
    if (isFinishing && secondsLeft() > 0) reconsider(); // at the end the clock does not wait
  }

  function reconsider() {
    isFinishing = false;
    if (submitDialog.open) submitDialog.close();
    schedule(PULSE);
  }

  function tellOfOthers(others, isLeading) {
    let isNews = false;
    for (const other of others) {
      const outcome = show(other);
      const key = [...keyOf(other), other.slot].join(":");
      if (!outcome || !isLeading || told.has(key)) continue;
      told.add(key);
      toCheck[outcome].add(other.slot);
      isNews = true;
    }
    if (isNews) showToCheck();
    return isNews;
  }

  function showToCheck() {
    const list = (found) => [...found].sort((a, b) => a - b).join(words.list);
    const sentences = Object.keys(toCheck).filter((outcome) => toCheck[outcome].size);
    const text = sentences.map((outcome) => fill(words[outcome], { list: list(toCheck[outcome]) })).join(" ");
    find("[data-others]").textContent = text;
    banner("others", text !== "");
  }

  async function tooLate() {
    isLeaving = true;
    lock();
    for (const dialog of [submitDialog, sheetDialog, timeDialog]) if (dialog.open) dialog.close();
    find("[data-late]").textContent = fill(words.handed_in, { n: lateSlots.size });
    banner("late", true);
    banner("back", false);
    await forget();
  }

  /* Only watches from now on: sends what it still holds, and leaves when the sitting is over. */
  function surrender(left) {
    lock();
    banner("taken", true);
    banner("others", false);
    state(left ? "unsent" : "saved");
    isFinishing = false;
    for (const dialog of [submitDialog, timeDialog]) if (dialog.open) dialog.close();
    const soon = secondsLeft() > 0 ? secondsLeft() * 1000 : COLLECTING;
    schedule(left ? DEBOUNCE : Math.min(PULSE, soon));
  }

  /* ---------------------------------------------------------------- what the page shows */
  function banner(name, isShown) {
    const element = find(`[data-banner=${name}]`);
    if (element.hidden === isShown) element.hidden = !isShown;
  }

  function state(name, at) {
    const saved = find("[data-saved]");
    const n = unsentSlots();
    const isLate = name === "saved" && lateSlots.size > 0;
    const icon = isLate ? "unsent" : name;
    const told = isLate ? fill(words.late, { n: lateSlots.size }) : words.saved; // never 已保存 for what may not count
    const text = name === "saving" ? words.saving : name === "saved" ? told : fill(words.unsent, { n });
    saved.hidden = false;
    saved.classList.toggle("off", icon === "unsent");
    for (const element of saved.querySelectorAll("[data-icon]")) element.hidden = element.dataset.icon !== icon;
    const label = find("[data-saved-text]");
    if (label.textContent !== text) label.textContent = text;
    if (name === "saved" && at) find("[data-saved-at]").textContent = ` ${at}`;
    find("[data-saved-at]").hidden = name !== "saved" || isLate;
  }

  const answerOf = (card) =>
    [...card.querySelectorAll("input:checked")]
      .map((input) => input.value)
      .sort();
  const firstOpen = () => slots.find((slot) => !answerOf(cardOf.get(slot)).length);

  function redraw() {
    const answered = slots.filter((slot) => answerOf(cardOf.get(slot)).length);
    const counts = { answered: answered.length, open: slots.length - answered.length, flagged: journal.flags.length };
    for (const [name, n] of Object.entries(counts)) {
      for (const element of all(`[data-count=${name}]`)) element.textContent = n;
    }
    find("[data-sheet-text]").textContent = fill(words.sheet, { n: answered.length, total: slots.length });
    find("[data-progress]").value = answered.length;
    for (const cell of all("[data-cell]")) {
      const slot = Number(cell.dataset.cell);
      const isAnswered = answered.includes(slot);
      const isFlagged = journal.flags.includes(slot);
      cell.classList.toggle("a", isAnswered);
      cell.classList.toggle("c", slot === journal.at);
      if (slot === journal.at) cell.setAttribute("aria-current", "step");
      else cell.removeAttribute("aria-current");
      cell.querySelector(".flagged").hidden = !isFlagged;
      const parts = [isAnswered ? words.answered : words.unanswered, ...(isFlagged ? [words.flagged] : [])];
      cell.setAttribute("aria-label", fill(words.cell, { n: slot, state: parts.join(words.separator) }));
    }
    for (const [slot, card] of cardOf) {
      card.hidden = slot !== journal.at;
      const flag = card.querySelector("[data-flag]");
      const isFlagged = journal.flags.includes(slot);
      flag.setAttribute("aria-pressed", String(isFlagged));
      flag.querySelector("span").textContent = isFlagged ? words.flagged : words.flag;
      for (const input of card.querySelectorAll("input")) input.closest(".opt").classList.toggle("on", input.checked);
    }
  }

  function go(slot, { focus = true } = {}) {
    if (!cardOf.has(slot)) return;
    journal.at = slot;
    redraw();
    write();
    if (sheetDialog.open) sheetDialog.close();
    if (!focus) return;
    window.scrollTo(0, 0);
    cardOf.get(slot).focus({ preventScroll: true });
  }

  const step = (distance) => go(slots[slots.indexOf(journal.at) + distance]);

  /* ---------------------------------------------------------------- answering */
  async function answered(card) {
    note(card);
    for (const found of Object.values(toCheck)) found.delete(Number(card.dataset.slot));
    showToCheck();
    redraw();
    if (failures) state("unsent");
    await write();
    if (failures) return; // the next attempt is under way already
    schedule(secondsLeft() < HURRY ? 0 : DEBOUNCE);
  }

  function flag(slot) {
    const isFlagged = journal.flags.includes(slot);
    journal.flags = isFlagged ? journal.flags.filter((other) => other !== slot) : [...journal.flags, slot];
    redraw();
    write();
  }

  function lock() {
    isReadOnly = true;
    for (const input of all(".qcard input, [data-submit], [data-flag]")) input.disabled = true;
  }

  /* ---------------------------------------------------------------- time */
  const secondsLeft = () => Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));

  function say(text) {
    find("[data-say]").textContent = text;
  }

  function tick() {
    const left = secondsLeft();
    const pad = (n) => String(n).padStart(2, "0");
    const clock = `${pad(Math.floor(left / 3600))}:${pad(Math.floor(left / 60) % 60)}:${pad(left % 60)}`;
    const face = find("[data-timer]");
    if (find("[data-clock]").textContent !== clock) {
      find("[data-clock]").textContent = clock;
      face.setAttribute("aria-label", fill(words.left, { minutes: Math.floor(left / 60), seconds: left % 60 }));
    }
    face.classList.toggle("low", left <= 600 && left > 60);
    face.classList.toggle("last", left <= 60);
    for (const mark of [1800, 600, 300, 60, 10]) {
      if (left > mark || left <= mark - 5 || announced.has(mark)) continue;
      announced.add(mark);
      say(mark < 60 ? fill(words.seconds_left, { n: mark }) : fill(words.minutes_left, { n: mark / 60 }));
    }
    if (left === 0 && !isReadOnly && hasInherited) timeUp(); // never before an earlier page's answers are in the queue
  }

  function timeUp() {
    lock();
    for (const dialog of [submitDialog, sheetDialog]) if (dialog.open) dialog.close();
    timeDialog.showModal();
    say(words.time_up);
    finish();
  }

  /* ---------------------------------------------------------------- handing in */
  function ask() {
    const open = firstOpen();
    const openCount = slots.filter((slot) => !answerOf(cardOf.get(slot)).length).length;
    redraw();
    find("[data-left]").textContent = fill(words.time_to_check, { n: Math.floor(secondsLeft() / 60) });
    find("[data-open-note]").hidden = openCount === 0;
    find("[data-open-text]").textContent = fill(words.open, { n: openCount });
    find("[data-waiting]").hidden = true;
    const back = find("[data-back-to]");
    back.textContent = open ? fill(words.back_to, { n: open }) : words.check;
    back.dataset.slot = open || journal.at;
    submitDialog.showModal();
  }

  function finish() {
    isFinishing = true;
    waiting();
    schedule(0); // handIn follows once everything is on the server
  }

  function waiting() {
    const n = unsentSlots();
    const text = failures ? fill(words.waiting, { n }) : words.submitting;
    find("[data-waiting]").hidden = false;
    find("[data-waiting-text]").textContent = text;
    if (failures) find("[data-time-text]").textContent = text;
  }

  async function handIn() {
    isLeaving = true;
    await forget();
    find("[data-whole]").disabled = true; // every answer is on the server already
    for (const input of all(".qcard input")) input.disabled = true;
    form.elements.csrfmiddlewaretoken.value = csrf();
    form.submit();
  }

  async function leave() {
    isLeaving = true;
    await forget();
    window.location.assign(room.dataset.done);
  }

  /* ---------------------------------------------------------------- listening */
  function listen() {
    form.addEventListener("change", (event) => {
      const card = event.target.closest(".qcard");
      if (card && !isReadOnly) answered(card);
    });
    document.addEventListener("click", (event) => {
      const at = (selector) => event.target.closest(selector);
      if (at("[data-previous]")) step(-1);
      else if (at("[data-next]")) step(1);
      else if (at("[data-flag]")) flag(journal.at);
      else if (at("[data-keys]")) toggleKeys();
      else if (at("[data-confirm]")) finish();
      else if (at("[data-back-to]")) {
        isFinishing = false;
        go(Number(at("[data-back-to]").dataset.slot));
      } else if (at("[data-cell]")) {
        event.preventDefault();
        go(Number(at("[data-cell]").dataset.cell));
      } else if (at("[data-submit]")) {
        event.preventDefault();
        ask();
      }
    });
    submitDialog.addEventListener("cancel", () => {
      isFinishing = false;
    });
    timeDialog.addEventListener("cancel", (event) => event.preventDefault());
    document.addEventListener("keydown", press);
    window.addEventListener("online", () => schedule(0));
    window.addEventListener("offline", () => {
      if (!isLeaving) banner("offline", true);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        if (queued().length) send(); // to the last second
      } else {
        schedule(0); // the monotonic clock may have slept
        stayAwake();
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (isLeaving || !queued().length) return;
      event.preventDefault();
      event.returnValue = "";
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) window.location.reload(); // a page from the cache has an old epoch
    });
  }

  function press(event) {
    if (!usesKeys || event.ctrlKey || event.altKey || event.metaKey || find("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const focused = document.activeElement;
    if ((key === "ArrowLeft" || key === "ArrowRight") && focused.type !== "radio") {
      event.preventDefault();
      step(key === "ArrowLeft" ? -1 : 1);
    } else if (isReadOnly) {
      return;
    } else if (key === "M") {
      flag(journal.at);
    } else if (key >= "A" && key <= "H" && key.length === 1) {
      const input = cardOf.get(journal.at).querySelector(`input[value=${key}]`);
      if (input) input.click();
    }
  }

  function toggleKeys() {
    usesKeys = !usesKeys;
    for (const button of all("[data-keys]")) button.textContent = usesKeys ? words.keys_off : words.keys_on;
    for (const hint of all("[data-hint]")) hint.hidden = !usesKeys;
  }

  function stayAwake() {
    if ("wakeLock" in navigator) navigator.wakeLock.request("screen").catch(() => {});
  }

  async function begin() {
    for (const element of all("[data-js]")) element.hidden = false;
    for (const element of all("[data-nojs]")) element.hidden = true;
    const wanted = Number((/^#q(\d+)$/.exec(window.location.hash) || [])[1]);
    redraw();
    listen();
    tick();
    setInterval(tick, 500);
    await inherit();
    hasInherited = true;
    go(cardOf.has(wanted) ? wanted : journal.at, { focus: false });
    stayAwake();
    if (queued().length) schedule(0);
    else {
      state("saved");
      schedule(PULSE);
    }
  }

  begin();
})();
