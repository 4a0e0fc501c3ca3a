/** Durations as OPA reads them: Go's (`1h30m`, `1.5s`, `300ms`) and whole or fractional days, weeks and years of 365 days. */

/** Nanoseconds of each unit. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['w', 604_800_000_000_000n],
  ['y', 31_536_000_000_000_000n],
]);

const DURATION = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w|y))+$/;
const SEGMENT = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h|d|w|y)/g;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** Nanoseconds, in 64 bits; `undefined` when the text is no duration or too long a one. */
export function parseDuration(source: string): bigint | undefined {
  if (/^[+-]?0$/.test(source)) return 0n;
  if (!DURATION.test(source)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of source.matchAll(SEGMENT)) {
    const scale = 10n ** BigInt(fraction.length);
    total += (BigInt(whole + fraction) * (UNITS.get(unit) ?? 0n)) / scale;
  }
  const signed = source.startsWith('-') ? -total : total;
  return signed < MIN_INT64 || signed > MAX_INT64 ? undefined : signed;
}
