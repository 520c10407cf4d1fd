"use strict";
/* The signature inside a PDF (PAdES), checked against one public key in the browser alone. Answers "whole" where the
   file is as it was signed with that key, "changed", "other-signer" or "unsigned". Needs WebCrypto. */
const pdfSignature = (() => {
  const MESSAGE_DIGEST = "06092a864886f70d010904"; /* tag, length and OID 1.2.840.113549.1.9.4 */

  /* One element of DER at a place: its tag, where its contents begin and where they end. */
  const element = (bytes, at) => {
    let length = bytes[at + 1];
    let start = at + 2;
    if (length & 0x80) {
      const count = length & 0x7f;
      length = 0;
      for (let n = 0; n < count; n++) length = length * 256 + bytes[start + n];
      start += count;
    }
    if (start + length > bytes.length) throw new RangeError("DER runs out");
    return { tag: bytes[at], at, start, end: start + length };
  };
  const children = (bytes, parent) => {
    const found = [];
    for (let at = parent.start; at < parent.end; ) {
      const child = element(bytes, at);
      found.push(child);
      at = child.end;
    }
    return found;
  };
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

  /* What the signer signed: its attributes as a SET, the digest named in them, and the signature. */
  const signed = (der) => {
    const content = children(der, element(der, 0))[1];
    const data = children(der, children(der, content)[0]);
    const signers = children(der, data[data.length - 1]);
    if (signers.length !== 1) throw new RangeError("one signer is expected");
    const parts = children(der, signers[0]);
    const attributes = parts.find((part) => part.tag === 0xa0);
    const signature = parts.find((part) => part.tag === 0x04);
    const set = der.slice(attributes.at, attributes.end);
    set[0] = 0x31;
    const named = children(der, attributes).find((attribute) => hex(der.slice(attribute.start, attribute.start + 11)) === MESSAGE_DIGEST);
    const digest = children(der, children(der, named)[1])[0];
    return {
      set,
      digest: hex(der.slice(digest.start, digest.end)),
      signature: der.slice(signature.start, signature.end),
    };
  };

  /* WebCrypto wants r and s side by side, 32 bytes each. */
  const plain = (der) => {
    const made = new Uint8Array(64);
    children(der, element(der, 0)).forEach((number, n) => {
      const digits = der.slice(number.start, number.end);
      const bare = digits.slice(Math.max(0, digits.length - 32));
      made.set(bare, 32 * n + 32 - bare.length);
    });
    return made;
  };

  const check = async (bytes, algorithm, key) => {
    const text = new TextDecoder("latin1").decode(bytes); /* one character a byte */
    const ranges = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)];
    if (!ranges.length) return "unsigned";
    const [, first, gap, second, rest] = ranges[0].map(Number);
    if (ranges.length > 1 || first !== 0 || second <= gap || second + rest !== bytes.length) return "changed";
    const covered = new Uint8Array(gap + rest);
    covered.set(bytes.subarray(0, gap));
    covered.set(bytes.subarray(second), gap);
    const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", covered)));
    let facts;
    try {
      facts = signed(unhex(text.slice(gap + 1, second - 1)));
    } catch (error) {
      return "changed";
    }
    if (facts.digest !== digest) return "changed";
    const scheme = algorithm === "RSA" ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const imported = await crypto.subtle.importKey("spki", key, scheme, false, ["verify"]);
    const signature = algorithm === "RSA" ? facts.signature : plain(facts.signature);
    return (await crypto.subtle.verify(scheme, imported, signature, facts.set)) ? "whole" : "other-signer";
  };
  return { check };
})();
