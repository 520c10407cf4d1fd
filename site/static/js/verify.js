"use strict";
/* Checks, in the browser alone, the signature that the QR code carries, and a PDF that is dropped here.
   Serves the verification page, whose own answer comes from the register and needs no script, and the offline page. */
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

  const say = (section, what) => {
    for (const sentence of section.querySelectorAll("[data-says]")) sentence.hidden = sentence.dataset.says !== what;
  };

  /* PAYLOAD is base64url of [form, key id, serial, kind, holder, date, hash]; SIGNATURE is Ed25519 over PAYLOAD.
     asked: serial and hash of the address that the payload came with. */
  const check = (payload, signature, section, asked) => {
    let facts, proof;
    try {
      facts = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(payload)));
      proof = bytes(signature);
    } catch (error) {
      return { verdict: "invalid" };
    }
    if (!Array.isArray(facts) || facts[0] !== 1) return { verdict: "invalid" };
    if (facts[1] !== section.dataset.keyId) return { verdict: "other-key" };
    if (typeof BigInt === "undefined") return { verdict: "no-crypto" };
    if (!ed25519.verify(bytes(section.dataset.key), proof, new TextEncoder().encode(payload))) return { verdict: "invalid" };
    const differs = (name, fact) => asked.get(name) && asked.get(name).toUpperCase().replace(/[-\s]/g, "") !== fact.replace(/-/g, "");
    if (differs("s", facts[2]) || differs("h", facts[6])) return { verdict: "other-paper" };
    return { verdict: "valid", facts };
  };

  const offline = document.getElementById("offline");

  /* text: an address with a payload behind its #, or the payload alone. */
  const checkText = (text) => {
    const [address, fragment] = text.includes("#") ? text.split("#") : ["", text];
    const asked = new URLSearchParams(address.split("?")[1] || "");
    const parts = fragment.trim().split(".");
    const { verdict, facts } = parts.length === 2 ? check(parts[0], parts[1], offline, asked) : { verdict: "invalid" };
    offline.hidden = false;
    say(offline, verdict);
    offline.querySelector("[data-facts]").hidden = !facts;
    if (!facts) return;
    const titles = JSON.parse(document.getElementById("kinds").textContent);
    const shown = { serial: facts[2], kind: titles[facts[3]] || facts[3], holder: facts[4], date: facts[5] };
    for (const [name, value] of Object.entries(shown)) offline.querySelector(`[data-fact="${name}"]`).textContent = value;
  };

  const checkFragment = () => {
    offline.hidden = location.hash.slice(1).split(".").length !== 2;
    if (!offline.hidden) checkText(location.href);
  };

  const paste = () => {
    const form = document.getElementById("paste");
    if (!form) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      checkText(form.querySelector("textarea").value);
      offline.focus();
    });
  };

  const compareFile = () => {
    const section = document.getElementById("compare");
    section.hidden = false;
    const drop = section.querySelector(".drop");
    const input = section.querySelector("input");
    const { sha256, pdfKey, pdfAlgorithm } = section.dataset;
    const verdict = async (file) => {
      if (!window.crypto || !crypto.subtle) return "no-crypto";
      const content = new Uint8Array(await file.arrayBuffer());
      if (!sha256) return pdfSignature.check(content, pdfAlgorithm, bytes(pdfKey));
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256 ? "same" : "different";
    };
    const compare = async (file) => {
      section.querySelector("[data-name]").textContent = file.name;
      say(section, await verdict(file));
    };
    input.addEventListener("change", () => input.files.length && compare(input.files[0]));
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) compare(event.dataTransfer.files[0]);
    });
  };

  checkFragment();
  window.addEventListener("hashchange", checkFragment);
  paste();
  compareFile();
})();
