/** Keeps canonical keys short: a value that holds one part twice on each of many levels would have a key that doubles with each. */
import { createHash } from 'node:crypto';

/** Characters up to which a key is the text itself, as nearly all are; longer ones are replaced by their digest. */
const MAX_KEY_LENGTH = 1024;

/** The text, or a digest that no two texts are known to share, marked so that no text is taken for one. */
export function shortKey(text: string): string {
  if (text.length <= MAX_KEY_LENGTH) return text;
  return `~${createHash('sha256').update(text, 'utf16le').digest('base64')}`;
}
