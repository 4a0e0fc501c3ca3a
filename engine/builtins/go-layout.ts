/**
 * Go's time layouts, which are written by example (`Mon Jan 2 15:04:05 2006`): the pieces of a layout, and formatting a moment by it.
 * Parsing is in go-layout-parser.ts.
 */
import type { Instant, Zone } from './time-zone.ts';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** Layouts that may be named instead of written out. */
const NAMED_LAYOUTS: ReadonlyMap<string, string> = new Map([
  ['ANSIC', 'Mon Jan _2 15:04:05 2006'],
  ['UnixDate', 'Mon Jan _2 15:04:05 MST 2006'],
  ['RubyDate', 'Mon Jan 02 15:04:05 -0700 2006'],
  ['RFC822', '02 Jan 06 15:04 MST'],
  ['RFC822Z', '02 Jan 06 15:04 -0700'],
  ['RFC850', 'Monday, 02-Jan-06 15:04:05 MST'],
  ['RFC1123', 'Mon, 02 Jan 2006 15:04:05 MST'],
  ['RFC1123Z', 'Mon, 02 Jan 2006 15:04:05 -0700'],
  ['RFC3339', '2006-01-02T15:04:05Z07:00'],
  ['RFC3339Nano', '2006-01-02T15:04:05.999999999Z07:00'],
]);

const PIECES =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|2006|__2|_2(?!006)|PM|pm|[-Z]07(?::00(?::00)?|00(?:00)?)?|[.,](?:0+|9+)(?!\d)|[1-5]/g;

export interface LayoutPiece {
  readonly isLiteral: boolean;
  readonly text: string;
}

/** The layout a name stands for, or the text itself. */
export function resolveLayout(layout: string): string {
  return NAMED_LAYOUTS.get(layout) ?? layout;
}

/** A layout as literals and fields, in order. */
export function splitLayout(layout: string): LayoutPiece[] {
  const pieces: LayoutPiece[] = [];
  let end = 0;
  for (const match of layout.matchAll(PIECES)) {
    if (match.index > end) pieces.push({ isLiteral: true, text: layout.slice(end, match.index) });
    pieces.push({ isLiteral: false, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < layout.length) pieces.push({ isLiteral: true, text: layout.slice(end) });
  return pieces;
}

/** The moment on the clock of a zone: a `Date` whose UTC fields are the local ones. */
export function localDate(instant: Instant, zone: Zone): Date {
  return new Date((instant.seconds + zone.offsetAt(instant.seconds)) * 1000);
}

const two = (value: number, fill = '0'): string => String(value).padStart(2, fill);

/** Formats a moment as the layout shows it. */
export function formatTime(instant: Instant, zone: Zone, layout: string): string {
  const local = localDate(instant, zone);
  return splitLayout(layout)
    .map((piece) => (piece.isLiteral ? piece.text : formatPiece(piece.text, local, instant, zone)))
    .join('');
}

function formatPiece(piece: string, local: Date, instant: Instant, zone: Zone): string {
  const hour = local.getUTCHours();
  switch (piece) {
    case 'January':
      return MONTHS[local.getUTCMonth()] ?? '';
    case 'Jan':
      return (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3);
    case 'Monday':
      return WEEKDAYS[local.getUTCDay()] ?? '';
    case 'Mon':
      return (WEEKDAYS[local.getUTCDay()] ?? '').slice(0, 3);
    case 'MST':
      return zone.abbreviationAt(instant.seconds);
    case '2006':
      return String(local.getUTCFullYear()).padStart(4, '0');
    case '06':
      return two(local.getUTCFullYear() % 100);
    case '1':
      return String(local.getUTCMonth() + 1);
    case '01':
      return two(local.getUTCMonth() + 1);
    case '2':
      return String(local.getUTCDate());
    case '_2':
      return two(local.getUTCDate(), ' ');
    case '02':
      return two(local.getUTCDate());
    case '__2':
      return String(dayOfYear(local)).padStart(3, ' ');
    case '002':
      return String(dayOfYear(local)).padStart(3, '0');
    case '15':
      return two(hour);
    case '3':
      return String(hour % 12 || 12);
    case '03':
      return two(hour % 12 || 12);
    case '4':
      return String(local.getUTCMinutes());
    case '04':
      return two(local.getUTCMinutes());
    case '5':
      return String(local.getUTCSeconds());
    case '05':
      return two(local.getUTCSeconds());
    case 'PM':
      return hour < 12 ? 'AM' : 'PM';
    case 'pm':
      return hour < 12 ? 'am' : 'pm';
    default:
      return piece.startsWith('.') || piece.startsWith(',')
        ? formatFraction(piece, instant.nanoseconds)
        : formatOffset(piece, zone.offsetAt(instant.seconds));
  }
}

function dayOfYear(local: Date): number {
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  return (midnight - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000 + 1;
}

/** `.000` shows that many digits, nine at most; `.999` leaves trailing zeros out, and the point with them. */
function formatFraction(piece: string, nanoseconds: number): string {
  const digits = String(nanoseconds)
    .padStart(9, '0')
    .slice(0, piece.length - 1);
  if (piece.charAt(1) === '0') return piece.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : piece.charAt(0) + trimmed;
}

function formatOffset(piece: string, offset: number): string {
  if (piece.startsWith('Z') && offset === 0) return 'Z';
  const magnitude = Math.abs(offset);
  const separator = piece.includes(':') ? ':' : '';
  const fields = [Math.floor(magnitude / 3600), Math.floor(magnitude / 60) % 60, magnitude % 60];
  const count = piece.replace(/[^\d]/g, '').length / 2;
  return (
    (offset < 0 ? '-' : '+') +
    fields
      .slice(0, count)
      .map((field) => two(field))
      .join(separator)
  );
}
