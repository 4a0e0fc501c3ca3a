/** Time zones by IANA name, from the runtime's own database: the offset and the abbreviation at an instant. */

/** A moment as seconds since 1970 (floored) and nanoseconds within the second. */
export interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface Zone {
  /** Seconds east of UTC at a moment. */
  readonly offsetAt: (seconds: number) => number;
  /** `UTC`, `CET`, or `+03` where there is no abbreviation. */
  readonly abbreviationAt: (seconds: number) => string;
}

export const UTC: Zone = { offsetAt: () => 0, abbreviationAt: () => 'UTC' };

/** Locales whose speakers abbreviate different zones. */
const ABBREVIATION_LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'];

/** A zone of a fixed offset, with the abbreviation it was parsed with. */
export function fixedZone(offset: number, abbreviation = ''): Zone {
  return { offsetAt: () => offset, abbreviationAt: () => abbreviation };
}

/** The zone of a name; `undefined` when the runtime does not know it. */
export function loadZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC') return UTC;
  const formatter = createFormatter(name);
  if (formatter === undefined) return undefined;
  const offsetAt = (seconds: number): number => {
    const parts = new Map(
      formatter.formatToParts(new Date(seconds * 1000)).map((part) => [part.type, part.value]),
    );
    const field = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
    const local = Date.UTC(
      field('year'),
      field('month') - 1,
      field('day'),
      field('hour'),
      field('minute'),
      field('second'),
    );
    return local / 1000 - seconds;
  };
  return { offsetAt, abbreviationAt: (seconds) => abbreviate(name, seconds, offsetAt(seconds)) };
}

function createFormatter(name: string): Intl.DateTimeFormat | undefined {
  // Zones are files elsewhere: another case is another name, and an offset is none.
  if (/^[+-]/.test(name)) return undefined;
  try {
    const formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const known = formatter.resolvedOptions().timeZone;
    const isOtherCase = known !== name && known.toLowerCase() === name.toLowerCase();
    return isOtherCase ? undefined : formatter;
  } catch {
    // A RangeError is how the runtime says that it does not know the zone.
    return undefined;
  }
}

function abbreviate(name: string, seconds: number, offset: number): string {
  for (const locale of ABBREVIATION_LOCALES) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'short' });
    const short = parts
      .formatToParts(new Date(seconds * 1000))
      .find((part) => part.type === 'timeZoneName')?.value;
    if (short !== undefined && /^[A-Z]{2,5}$/.test(short)) return short;
  }
  const minutes = Math.abs(Math.trunc(offset / 60));
  const text = String(Math.floor(minutes / 60)).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${text}${rest}`;
}
