/**
 * The three notations the configuration uses for more than plain text: durations (`90s`), sizes (`64MiB`) and addresses
 * (`127.0.0.1:6432`, `[::1]:6432`). Each reader returns undefined for what it does not understand.
 */
import type { ListenAddress } from '../../proxy/gate/protocol.ts';

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

export const DURATION_PATTERN = '^[0-9]{1,9}(ms|s|m|h|d)$';
export const SIZE_PATTERN = '^[0-9]{1,12}(B|KiB|MiB|GiB)$';
export const ADDRESS_PATTERN = '^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}$';

function readAmount(
  text: string,
  pattern: string,
  units: Readonly<Record<string, number>>,
): number | undefined {
  const unit = new RegExp(pattern).exec(text)?.[1];
  const factor = unit === undefined ? undefined : units[unit];
  return factor === undefined ? undefined : Number.parseInt(text, 10) * factor;
}

/** Milliseconds of `250ms`, `90s`, `15m`, `12h`, `30d`. */
export function parseDuration(text: string): number | undefined {
  return readAmount(text, DURATION_PATTERN, DURATION_UNITS);
}

/** Bytes of `512B`, `64KiB`, `16MiB`, `2GiB`. */
export function parseSize(text: string): number | undefined {
  return readAmount(text, SIZE_PATTERN, SIZE_UNITS);
}

/** Host and port; an IPv6 host stands in brackets in the text and without them in the result. */
export function parseAddress(text: string): ListenAddress | undefined {
  if (!new RegExp(ADDRESS_PATTERN).test(text)) return undefined;
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (port > 65_535) return undefined;
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port };
}

/** The inverse of `parseAddress`. */
export function formatAddress(address: ListenAddress): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
