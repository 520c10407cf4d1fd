"use strict";
/* Ed25519 verification (RFC 8032) with BigInt alone: browsers of our floor have no Ed25519 of their own, and none has
   WebCrypto on a page without https. Verifying holds no secret, so it need not take constant time. */
const ed25519 = (() => {
  const P = (1n << 255n) - 19n;
  const L = (1n << 252n) + 27742317777372353535851937790883648493n;
  const MASK = (1n << 64n) - 1n;
  const mod = (number) => ((number % P) + P) % P;
  const power = (base, exponent) => {
    let result = 1n;
    for (base = mod(base); exponent > 0n; exponent >>= 1n) {
      if (exponent & 1n) result = (result * base) % P;
      base = (base * base) % P;
    }
    return result;
  };
  const inverse = (number) => power(number, P - 2n);
  const D = mod(-121665n * inverse(121666n));
  const ROOT = power(2n, (P - 1n) / 4n); /* of -1 */
  const little = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

  /* The largest whole number whose n-th power is not above the given one: where SHA-512 takes its constants from. */
  const root = (number, n) => {
    let low = 0n;
    let high = 1n << BigInt(number.toString(2).length);
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** n <= number) low = middle;
      else high = middle - 1n;
    }
    return low;
  };
  const primes = [];
  for (let number = 2; primes.length < 80; number++) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  const START = primes.slice(0, 8).map((prime) => root(BigInt(prime) << 128n, 2n) & MASK);
  const ROUND = primes.map((prime) => root(BigInt(prime) << 192n, 3n) & MASK);

  const turn = (word, by) => ((word >> by) | (word << (64n - by))) & MASK;
  const sha512 = (message) => {
    const blocks = Math.ceil((message.length + 17) / 128);
    const padded = new Uint8Array(blocks * 128);
    padded.set(message);
    padded[message.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
    const state = START.slice();
    for (let block = 0; block < blocks; block++) {
      const w = [];
      for (let t = 0; t < 16; t++) w.push(view.getBigUint64(block * 128 + t * 8));
      for (let t = 16; t < 80; t++) {
        const a = w[t - 15];
        const b = w[t - 2];
        const near = turn(a, 1n) ^ turn(a, 8n) ^ (a >> 7n);
        const far = turn(b, 19n) ^ turn(b, 61n) ^ (b >> 6n);
        w.push((w[t - 16] + near + w[t - 7] + far) & MASK);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 80; t++) {
        const high = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
        const first = (h + high + ((e & f) ^ (~e & MASK & g)) + ROUND[t] + w[t]) & MASK;
        const low = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
        const second = (low + ((a & b) ^ (a & c) ^ (b & c))) & MASK;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & MASK, c, b, a, (first + second) & MASK];
      }
      [a, b, c, d, e, f, g, h].forEach((word, n) => (state[n] = (state[n] + word) & MASK));
    }
    const digest = new DataView(new ArrayBuffer(64));
    state.forEach((word, n) => digest.setBigUint64(n * 8, word));
    return new Uint8Array(digest.buffer);
  };

  /* Points in extended coordinates [X, Y, Z, T]. */
  const add = ([x1, y1, z1, t1], [x2, y2, z2, t2]) => {
    const a = (y1 - x1) * (y2 - x2);
    const b = (y1 + x1) * (y2 + x2);
    const c = 2n * D * t1 * t2;
    const d = 2n * z1 * z2;
    const [e, f, g, h] = [mod(b - a), mod(d - c), mod(d + c), mod(b + a)];
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  };
  const times = (point, number) => {
    let sum = [0n, 1n, 1n, 0n];
    for (; number > 0n; number >>= 1n) {
      if (number & 1n) sum = add(sum, point);
      point = add(point, point);
    }
    return sum;
  };
  const point = (encoded) => {
    const sign = encoded >> 255n;
    const y = encoded & ((1n << 255n) - 1n);
    if (y >= P) return null;
    const u = mod(y * y - 1n);
    const v = mod(D * y * y + 1n);
    let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
    if (mod(v * x * x) !== u) x = mod(x * ROOT);
    if (mod(v * x * x) !== u || (x === 0n && sign)) return null;
    if ((x & 1n) !== sign) x = P - x;
    return [x, y, 1n, mod(x * y)];
  };
  const BASE = point(mod(4n * inverse(5n)));

  const verify = (key, signature, message) => {
    if (key.length !== 32 || signature.length !== 64) return false;
    const r = point(little(signature.slice(0, 32)));
    const a = point(little(key));
    const s = little(signature.slice(32));
    if (!r || !a || s >= L) return false;
    const whole = new Uint8Array(64 + message.length);
    whole.set(signature.slice(0, 32));
    whole.set(key, 32);
    whole.set(message, 64);
    const left = times(BASE, s);
    const right = add(r, times(a, little(sha512(whole)) % L));
    return mod(left[0] * right[2]) === mod(right[0] * left[2]) && mod(left[1] * right[2]) === mod(right[1] * left[2]);
  };
  return { verify };
})();
