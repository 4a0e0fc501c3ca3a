/**
 * What strings, numbers and template pieces stand for. Each function answers the value or a fault; none throws.
 * Escapes are those of JSON (plus `\{` in templates); numbers are JSON's, and OPA also takes `.5`.
 */

/** A value, or what is wrong with the text. */
export type Decoded =
  | { readonly value: string }
  | {
      readonly fault: string;
      readonly help?: string;
      readonly at?: number;
      /** Its line ends before the text does. */
      readonly isUnclosed?: true;
    };

/** Decimal magnitudes OPA still takes; its limit is 1e5 binary digits. */
const MAX_MAGNITUDE = 30_102;
const MIN_MAGNITUDE = -30_103;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The value of a `"..."` token. */
export function decodeString(image: string): Decoded {
  if (image.length < 2 || !image.endsWith('"') || endsEscaped(image)) {
    return {
      fault: 'the string has no closing `"` on its line',
      help: 'a text of several lines stands between back-ticks',
      isUnclosed: true,
    };
  }
  return decodeEscapes(image.slice(1, -1), false);
}

/** The value of a back-tick token. */
export function decodeRawString(image: string): Decoded {
  if (image.length < 2 || !image.endsWith('`')) {
    return { fault: 'the raw string has no closing back-tick' };
  }
  return { value: image.slice(1, -1) };
}

function endsEscaped(image: string): boolean {
  let slashes = 0;
  for (let at = image.length - 2; at > 0 && image[at] === '\\'; at -= 1) slashes += 1;
  return slashes % 2 === 1;
}

/** Resolves JSON escapes; `inTemplate` also takes `\{`. */
export function decodeEscapes(text: string, inTemplate: boolean): Decoded {
  let from = text.indexOf('\\');
  const control = findControl(text);
  if (from === -1) return { value: text };
  // OPA decodes a string that has an escape as JSON, which refuses raw control characters; one without is taken as it is.
  if (control !== -1) {
    return {
      fault: 'a string with escapes cannot hold a raw control character',
      at: control,
      help: 'write it as an escape, such as `\\t`',
    };
  }
  let value = '';
  let done = 0;
  while (from !== -1) {
    value += text.slice(done, from);
    const letter = text[from + 1] ?? '';
    if (letter === 'u') {
      const digits = text.slice(from + 2, from + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits))
        return badEscape(text, from, 6, '`\\u` takes four hexadecimal digits');
      value += String.fromCharCode(Number.parseInt(digits, 16));
      done = from + 6;
    } else {
      const replacement = inTemplate && letter === '{' ? '{' : ESCAPES[letter];
      if (replacement === undefined) return badEscape(text, from, 2);
      value += replacement;
      done = from + 2;
    }
    from = text.indexOf('\\', done);
  }
  // An escape for half a surrogate pair stands for the replacement character, as in Go's JSON.
  return { value: (value + text.slice(done)).toWellFormed() };
}

function badEscape(
  text: string,
  at: number,
  length: number,
  help = 'a backslash is written `\\\\`; in a raw string, between back-ticks, it stands for itself',
): Decoded {
  return { fault: `\`${text.slice(at, at + length)}\` is not an escape`, help, at };
}

function findControl(text: string): number {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < 0x20) return at;
  return -1;
}

/** Checks a number; `prefix` is what stood before the digits: `-`, `.` or `-.`. */
export function decodeNumber(prefix: string, image: string): Decoded {
  const text = prefix + image;
  if (!/^-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    return { fault: `\`${text}\` is not a number` };
  }
  if (!prefix.endsWith('.') && /^0\d/.test(image)) {
    return { fault: `the number \`${text}\` has a leading zero` };
  }
  const size = magnitude(text);
  if (size > MAX_MAGNITUDE || size < MIN_MAGNITUDE) {
    return {
      fault: 'the number is too large or too small',
      help: 'numbers reach from 1e-30103 to 1e30102',
    };
  }
  // OPA keeps `.5`, calculates with it, and fails where it writes it as JSON; here it is the number it stands for.
  return { value: prefix.replace('.', '0.') + image };
}

/** The power of ten of the first digit that is not zero; 0 for zero. */
function magnitude(text: string): number {
  const [mantissa = '', exponent = '0'] = text.replace('-', '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole.replace(/^0+/, '');
  if (digits !== '') return digits.length - 1 + Number(exponent);
  const zeros = fraction.search(/[1-9]/);
  return zeros === -1 ? 0 : Number(exponent) - zeros - 1;
}
