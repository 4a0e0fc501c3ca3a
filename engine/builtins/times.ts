/** `time.*`. OPA topdown/time.go: times are nanoseconds since 1970, alone or with a zone and a layout; zones and layouts are Go's. */
import { isArray } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { fromInteger, isNumber, toInteger } from '../value/number.ts';
import { quoteText } from '../value/text.ts';
import type { RegoNumber } from '../value/value.ts';
import type { BuiltinFunction } from './context.ts';
import { parseDuration } from './duration.ts';
import { formatTime, localDate, resolveLayout, WEEKDAYS } from './go-layout.ts';
import { parseTime } from './go-layout-parser.ts';
import { builtin, int, type Operand, operandTypeFault, text } from './operand.ts';
import { type Instant, loadZone, UTC, type Zone } from './time-zone.ts';

const NANOSECONDS = 1_000_000_000n;
const RFC3339 = '2006-01-02T15:04:05Z07:00';

interface ZonedTime {
  readonly instant: Instant;
  readonly zone: Zone;
  readonly layout: string;
}

/** Nanoseconds, `[ns, zone]` or `[ns, zone, layout]`. */
const zonedTime: Operand<ZonedTime> = (value, position) => {
  const [ns, name = '', layout = ''] = isArray(value) ? value : [value];
  if (ns === undefined || (!isArray(value) && !isNumber(value))) {
    return operandTypeFault(1, value, 'either number (ns) or [number (ns), string (tz)]');
  }
  if (!isNumber(ns)) return operandTypeFault(position, ns, 'number');
  if (typeof name !== 'string') return operandTypeFault(position, name, 'string');
  if (typeof layout !== 'string') return operandTypeFault(position, layout, 'string');
  const instant = toInstant(ns);
  // The host's own zone would make a decision depend on where it is made.
  const zone = name === 'Local' ? UTC : loadZone(name);
  return zone === undefined
    ? builtinError(`unknown time zone ${name}`)
    : isFault(instant)
      ? instant
      : { instant, zone, layout };
};

function toInstant(ns: RegoNumber): Instant | BuiltinFault {
  const exact = toInteger(ns);
  if (exact === undefined || BigInt.asIntN(64, exact) !== exact) {
    return builtinError('timestamp too big');
  }
  const nanoseconds = ((exact % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return {
    seconds: Number((exact - nanoseconds) / NANOSECONDS),
    nanoseconds: Number(nanoseconds),
  };
}

function toNanoseconds(ns: bigint): RegoNumber | BuiltinFault {
  if (BigInt.asIntN(64, ns) !== ns) return builtinError('time outside of valid range');
  return fromInteger(ns);
}

/** Moves the date on the zone's calendar; overlong months spill over, as in Go's `AddDate`. */
function addDate({ instant, zone }: ZonedTime, years: number, months: number, days: number) {
  const local = localDate(instant, zone);
  const secondsOfDay = local.getTime() / 1000 - Math.floor(local.getTime() / 86_400_000) * 86_400;
  const date = new Date(0);
  date.setUTCFullYear(
    local.getUTCFullYear() + years,
    local.getUTCMonth() + months,
    local.getUTCDate() + days,
  );
  const moved = date.getTime() / 1000 + secondsOfDay;
  if (!Number.isFinite(moved)) return builtinError('time outside of valid range');
  const utc = moved - zone.offsetAt(moved - zone.offsetAt(moved));
  return toNanoseconds(BigInt(utc) * NANOSECONDS + BigInt(instant.nanoseconds));
}

/** Calendar difference of two moments on the first one's clock, always from the earlier to the later. */
function difference(first: ZonedTime, other: ZonedTime): number[] {
  const { zone } = first;
  const isOrdered =
    first.instant.seconds < other.instant.seconds ||
    (first.instant.seconds === other.instant.seconds &&
      first.instant.nanoseconds <= other.instant.nanoseconds);
  const [from, to] = isOrdered ? [first, other] : [other, first];
  const a = localDate(from.instant, zone);
  const b = localDate(to.instant, zone);
  let year = b.getUTCFullYear() - a.getUTCFullYear();
  let month = b.getUTCMonth() - a.getUTCMonth();
  let day = b.getUTCDate() - a.getUTCDate();
  let hour = b.getUTCHours() - a.getUTCHours();
  let minute = b.getUTCMinutes() - a.getUTCMinutes();
  let seconds = b.getUTCSeconds() - a.getUTCSeconds();
  if (seconds < 0) {
    seconds += 60;
    minute -= 1;
  }
  if (minute < 0) {
    minute += 60;
    hour -= 1;
  }
  if (hour < 0) {
    hour += 24;
    day -= 1;
  }
  if (day < 0) {
    day += new Date(Date.UTC(a.getUTCFullYear(), a.getUTCMonth() + 1, 0)).getUTCDate();
    month -= 1;
  }
  if (month < 0) {
    month += 12;
    year -= 1;
  }
  return [year, month, day, hour, minute, seconds];
}

export const TIMES = {
  'time.now_ns': (ctx) =>
    ctx.nowNs === undefined
      ? builtinError('the host gave no time of the decision')
      : fromInteger(ctx.nowNs),
  'time.parse_ns': builtin([text, text], (_ctx, layout, value) => {
    const ns = parseTime(resolveLayout(layout), value);
    return isFault(ns) ? ns : toNanoseconds(ns);
  }),
  'time.parse_rfc3339_ns': builtin([text], (_ctx, value) => {
    const ns = parseTime(RFC3339, value);
    return isFault(ns) ? ns : toNanoseconds(ns);
  }),
  'time.parse_duration_ns': builtin([text], (_ctx, duration) => {
    const ns = parseDuration(duration);
    return ns === undefined
      ? builtinError(`time: invalid duration ${quoteText(duration)}`)
      : fromInteger(ns);
  }),
  'time.format': builtin([zonedTime], (_ctx, { instant, zone, layout }) =>
    formatTime(instant, zone, resolveLayout(layout === '' ? 'RFC3339Nano' : layout)),
  ),
  'time.date': builtin([zonedTime], (_ctx, { instant, zone }) => {
    const local = localDate(instant, zone);
    return [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()];
  }),
  'time.clock': builtin([zonedTime], (_ctx, { instant, zone }) => {
    const local = localDate(instant, zone);
    return [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()];
  }),
  'time.weekday': builtin(
    [zonedTime],
    (_ctx, { instant, zone }) => WEEKDAYS[localDate(instant, zone).getUTCDay()],
  ),
  'time.add_date': builtin([zonedTime, int, int, int], (_ctx, time, years, months, days) =>
    addDate(time, years, months, days),
  ),
  'time.diff': builtin([zonedTime, zonedTime], (_ctx, a, b) => difference(a, b)),
} satisfies Readonly<Record<string, BuiltinFunction>>;
