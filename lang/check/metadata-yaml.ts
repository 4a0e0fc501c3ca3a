/**
 * The YAML of a METADATA block as OPA reads it: integers exact, instants recognised. Instants are text where a field wants text, and
 * written out where it may hold anything.
 */
import { parseDocument, type ScalarTag } from 'yaml';
import { INTEGER_TAGS } from '../yaml-integers.ts';

/** YAML aliases may not expand further than this. */
const MAX_ALIASES = 100;
const INSTANT =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]| +)(\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/;
/** The largest integer that is kept as one. */
const MAX_INTEGER = 2n ** 64n - 1n;
const MIN_INTEGER = -(2n ** 63n);

/** An instant: how it stands in the block, and how it is written out. */
export class YamlInstant {
  readonly source: string;
  readonly written: string;

  constructor(source: string, written: string) {
    this.source = source;
    this.written = written;
  }
}

const INSTANT_TAG: ScalarTag = {
  tag: 'tag:yaml.org,2002:timestamp',
  default: true,
  test: INSTANT,
  resolve: (source) => readInstant(source) ?? source,
};

/** A number that is too large for a float is a text. */
const FLOAT_TAG: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)[eE][-+]?\d+$/,
  resolve: (source) => (Number.isFinite(Number(source)) ? Number(source) : source),
};

/** OPA has no form for these either. */
const NO_NUMBER_TAG: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: (source, onError) => {
    onError(`\`${source}\` is no number of the language`);
    return source;
  },
};

/** The value of a block, or what is wrong with it. */
export function readMetadataYaml(text: string): {
  readonly value: unknown;
  readonly fault: string | undefined;
} {
  const document = parseDocument(text, {
    prettyErrors: false,
    logLevel: 'silent',
    intAsBigInt: true,
    merge: true,
    customTags: (tags) => [...INTEGER_TAGS, INSTANT_TAG, FLOAT_TAG, NO_NUMBER_TAG, ...tags],
  });
  const [error] = document.errors;
  if (error) return { value: undefined, fault: error.message.toLowerCase() };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }), fault: undefined };
  } catch (cause) {
    return { value: undefined, fault: cause instanceof Error ? cause.message : 'cannot be read' };
  }
}

/** A value with instants written out; integers are what OPA makes of them: of 64 bits with a sign, beyond 64 bits floats. */
export function writtenOut(value: unknown): unknown {
  if (value instanceof YamlInstant) return value.written;
  if (typeof value === 'bigint')
    return value >= MIN_INTEGER && value <= MAX_INTEGER ? BigInt.asIntN(64, value) : Number(value);
  if (Array.isArray(value)) return value.map(writtenOut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, writtenOut(item)]));
}

/** RFC 3339, without zeros that end a fraction; undefined for a day or hour that there is not. */
function readInstant(source: string): YamlInstant | undefined {
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', rest, zone] =
    INSTANT.exec(source) ?? [];
  const isSpaced = source.includes(' ');
  // With a blank there is no zone, with a letter there must be one.
  if (/[:]/.test(source) && isSpaced !== (zone === undefined)) return undefined;
  const two = (part: string): string => part.padStart(2, '0');
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  const isDay =
    Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
  const isHour = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (!isDay || !isHour) return undefined;
  const fraction = (rest ?? '').slice(0, 10).replace(/\.?0+$/, '');
  const offset = zone === undefined || zone === '+00:00' || zone === '-00:00' ? 'Z' : zone;
  const clock = `${two(hour)}:${two(minute)}:${two(second)}${fraction}${offset}`;
  return new YamlInstant(source, `${year}-${two(month)}-${two(day)}T${clock}`);
}

/** A float as Go's `%g` has it: with an exponent below 1e-4 and from 1e6 on. */
export function floatText(float: number): string {
  if (Object.is(float, -0)) return '-0';
  const [digits = '', power = '0'] = float.toExponential().split('e');
  const exponent = Number(power);
  if (float === 0 || (exponent >= -4 && exponent < 6)) return String(float);
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits}e${exponent < 0 ? '-' : '+'}${size}`;
}
