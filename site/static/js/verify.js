"use strict";
/* Checks, in the browser alone, the signature that the QR code carries and the hash of a PDF.
   The page's own answer comes from the register and needs no script. */
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

  const say = (section, what) => {
    for (const sentence of section.querySelectorAll("[data-says]")) sentence.hidden = sentence.dataset.says !== what;
  };

  /* PAYLOAD is base64url of [form, key id, serial, kind, holder, date, hash]; SIGNATURE is Ed25519 over PAYLOAD. */
  const check = async (payload, signature, section) => {
    let facts, proof;
    try {
      facts = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(payload)));
      proof = bytes(signature);
    } catch (error) {
      return { verdict: "invalid" };
    }
    if (!Array.isArray(facts) || facts[0] !== 1) return { verdict: "invalid" };
    if (facts[1] !== section.dataset.keyId) return { verdict: "other-key" };
    let key;
    try {
      key = await crypto.subtle.importKey("raw", bytes(section.dataset.key), "Ed25519", false, ["verify"]);
    } catch (error) {
      return { verdict: "no-crypto" };
    }
    const signed = await crypto.subtle.verify("Ed25519", key, proof, new TextEncoder().encode(payload));
    if (!signed) return { verdict: "invalid" };
    const asked = new URLSearchParams(location.search);
    const differs = (name, fact) => asked.get(name) && asked.get(name).toUpperCase().replace(/[-\s]/g, "") !== fact.replace(/-/g, "");
    if (differs("s", facts[2]) || differs("h", facts[6])) return { verdict: "other-paper" };
    return { verdict: "valid", facts };
  };

  const checkFragment = async () => {
    const section = document.getElementById("offline");
    const parts = location.hash.slice(1).split(".");
    section.hidden = parts.length !== 2;
    if (section.hidden) return;
    const { verdict, facts } = await check(parts[0], parts[1], section);
    say(section, verdict);
    section.querySelector("[data-facts]").hidden = !facts;
    if (!facts) return;
    const titles = JSON.parse(document.getElementById("kinds").textContent);
    const shown = { serial: facts[2], kind: titles[facts[3]] || facts[3], holder: facts[4], date: facts[5] };
    for (const [name, value] of Object.entries(shown)) section.querySelector(`[data-fact="${name}"]`).textContent = value;
  };

  const compareFile = () => {
    const section = document.getElementById("compare");
    if (!section) return;
    section.hidden = false;
    const drop = section.querySelector(".drop");
    const input = section.querySelector("input");
    const compare = async (file) => {
      section.querySelector("[data-name]").textContent = file.name;
      if (!window.crypto || !crypto.subtle) return say(section, "no-crypto");
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      say(section, hex === section.dataset.sha256 ? "same" : "different");
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
  compareFile();
})();
