/**
 * FF1 format-preserving encryption, NIST SP 800-38G, algorithm 7 (encryption only: a mask is never taken back here), over
 * numerals as numbers. AES comes from node:crypto; CBC with a zero vector gives the standard's PRF.
 */
import { createCipheriv } from 'node:crypto';

/** The standard's least domain (revision 1): radix ** length must be at least this. */
const LEAST_DOMAIN = 1_000_000;
const ROUNDS = 10;
const BLOCK = 16;
const ZERO_BLOCK = Buffer.alloc(BLOCK);

/** Whether a numeral string of this length is long enough to be encrypted safely. */
export function isLongEnough(radix: number, length: number): boolean {
  return length >= 2 && radix ** length >= LEAST_DOMAIN;
}

function aes(key: Uint8Array, mode: 'cbc' | 'ecb', data: Uint8Array): Buffer {
  const name = `aes-${key.length * 8}-${mode}`;
  const cipher = createCipheriv(name, key, mode === 'cbc' ? ZERO_BLOCK : null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function toNumber(numerals: readonly number[], radix: bigint): bigint {
  return numerals.reduce((sum, numeral) => sum * radix + BigInt(numeral), 0n);
}

function toNumerals(value: bigint, radix: bigint, length: number): number[] {
  const numerals = new Array<number>(length).fill(0);
  let rest = value;
  for (let index = length - 1; index >= 0; index -= 1) {
    numerals[index] = Number(rest % radix);
    rest /= radix;
  }
  return numerals;
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

/** Encrypts numerals in `0 .. radix - 1`; key of 16, 24 or 32 bytes. The caller has asked `isLongEnough`. */
export function encryptFf1(
  key: Uint8Array,
  tweak: Uint8Array,
  radix: number,
  numerals: readonly number[],
): readonly number[] {
  const n = numerals.length;
  const u = Math.floor(n / 2);
  const v = n - u;
  const base = BigInt(radix);
  // Bytes that hold any numeral string of length v; from the exact power, not from a rounded logarithm.
  const b = Math.ceil((base ** BigInt(v) - 1n).toString(2).length / 8);
  const d = 4 * Math.ceil(b / 4) + 4;
  const p = Buffer.alloc(BLOCK);
  p.set([1, 2, 1, (radix >> 16) & 255, (radix >> 8) & 255, radix & 255, ROUNDS, u & 255]);
  p.writeUInt32BE(n, 8);
  p.writeUInt32BE(tweak.length, 12);
  const padding = (BLOCK - ((tweak.length + b + 1) % BLOCK)) % BLOCK;
  let left = toNumber(numerals.slice(0, u), base);
  let right = toNumber(numerals.slice(u), base);
  for (let round = 0; round < ROUNDS; round += 1) {
    const q = Buffer.concat([tweak, Buffer.alloc(padding), Buffer.of(round), toBytes(right, b)]);
    const r = aes(key, 'cbc', Buffer.concat([p, q])).subarray(-BLOCK);
    const blocks = [r];
    for (let index = 1; index * BLOCK < d; index += 1) {
      const counter = Buffer.from(r);
      for (let byte = 0; byte < 4; byte += 1) {
        const at = BLOCK - 1 - byte;
        counter[at] = (counter[at] ?? 0) ^ ((index >>> (8 * byte)) & 255);
      }
      blocks.push(aes(key, 'ecb', counter));
    }
    const y = BigInt(`0x${Buffer.concat(blocks).subarray(0, d).toString('hex')}`);
    const m = round % 2 === 0 ? u : v;
    const next = (left + y) % base ** BigInt(m);
    left = right;
    right = next;
  }
  return [...toNumerals(left, base, u), ...toNumerals(right, base, v)];
}
