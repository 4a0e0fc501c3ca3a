/** What a plain YAML text is read as: only one that is read as a string needs no quotes. `go-yaml` 3, `resolve.go`. */

/** Words of YAML 1.1 and 1.2 for null, booleans and numbers that are none. */
const WORDS: ReadonlySet<string> = new Set(
  (
    '~ null Null NULL true True TRUE false False FALSE y Y yes Yes YES n N no No NO on On ON off Off OFF ' +
    '.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'
  ).split(' '),
);
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const TIME =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d)))|(?: +(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?))?$/;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

/** Is the text read as a string where it stands plain? */
export function readsAsText(text: string): boolean {
  if (text === '' || WORDS.has(text)) return false;
  if (!/^[-+.\d]/.test(text)) return true;
  if (text.startsWith('.')) return !isFloat(text);
  const digits = text.replaceAll('_', '');
  return !(isTime(text) || BASE_60.test(text) || isInteger(digits) || isFloat(digits));
}

/** A number that a float can hold; digits without end are too large for one, and a string. */
function isFloat(text: string): boolean {
  return FLOAT.test(text) && Number.isFinite(Number(text));
}

function isInteger(text: string): boolean {
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(text) ?? [];
  const digits = hex ?? binary ?? octal ?? decimal;
  if (digits === undefined) return false;
  const prefix = hex ? '0x' : binary ? '0b' : octal ? '0o' : '';
  const magnitude = BigInt(prefix + digits);
  if (sign === '-') return -magnitude >= MIN_INTEGER;
  return magnitude <= (sign === '+' ? -MIN_INTEGER - 1n : MAX_INTEGER);
}

function isTime(text: string): boolean {
  const found = TIME.exec(text);
  if (found === null) return false;
  const part = (at: number): number => Number(found[at] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= days;
  const [hour, minute, second] = found[9] === undefined ? [4, 5, 6] : [9, 10, 11];
  const isHour = part(hour) < 24 && part(minute) < 60 && part(second) < 60;
  return isDay && isHour && part(7) <= 24 && part(8) <= 60;
}
