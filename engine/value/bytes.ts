/**
 * Strings as bytes. A Go string may hold bytes that are not UTF-8 (decoded base64, hex); here such a byte 0x80..0xFF is carried as
 * the lone surrogate U+DC80..U+DCFF, which no text from JSON or from a policy can contain. INVARIANT: `bytesOf(textOf(b))` equals `b`.
 */

const LOWEST_CARRIER = 0xdc80;
const HIGHEST_CARRIER = 0xdcff;
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of a string, carried bytes as themselves. */
export function bytesOf(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  const chunks: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isCarrier = code >= LOWEST_CARRIER && code <= HIGHEST_CARRIER;
    chunks.push(isCarrier ? Buffer.from([code - 0xdc00]) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(chunks);
}

/** The string whose bytes these are. */
export function textOf(bytes: Uint8Array): string {
  const quick = decodeStrictly(bytes);
  if (quick !== undefined) return quick;
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const length = sequenceLength(bytes[index] ?? 0);
    const character =
      length === 0 ? undefined : decodeStrictly(bytes.subarray(index, index + length));
    text += character ?? String.fromCharCode(0xdc00 + (bytes[index] ?? 0));
    index += character === undefined ? 1 : length;
  }
  return text;
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    // Not UTF-8: the caller carries the bytes one by one.
    return undefined;
  }
}

/** Bytes of the UTF-8 sequence a lead byte opens; zero for a byte that opens none. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}
