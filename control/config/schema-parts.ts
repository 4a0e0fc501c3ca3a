/**
 * The sorts of value that sections of the configuration are made of. `expands` marks strings in which `${...}` is replaced; what it
 * may say is told in schema.ts.
 */
import { Type } from 'typebox';
import { ADDRESS_PATTERN, DURATION_PATTERN, SIZE_PATTERN } from './units.ts';

/** Keys that are not listed are faults. */
export const closed = { additionalProperties: false } as const;

/** Text as it is written. */
export const text = (description: string, more: object = {}) =>
  Type.String({ description, minLength: 1, maxLength: 4096, ...more });
/** Text in which `${env:NAME}` and `${file:path}` are replaced. */
export const expandable = (description: string, more: object = {}) =>
  text(description, { expands: 'text', ...more });
/** As `expandable`, wrapped and never printed. */
export const secret = (description: string) => text(description, { expands: 'secret' });
/** A credential of a target: as `secret`, and what is fetched when it is used (`${vault:...}`, `${aws-secret:...}`, `${store:...}`). */
export const credential = (description: string) => text(description, { expands: 'credential' });
/** The name that goes with a credential: as `expandable`, and fetched with it. */
export const account = (description: string) => text(description, { expands: 'account' });
/** `15m`, `250ms`; default and bounds are texts of the same form. */
export const duration = (description: string, fallback: string, minimum: string, maximum: string) =>
  Type.String({
    description: `${description} From ${minimum} to ${maximum}.`,
    pattern: DURATION_PATTERN,
    form: 'a number with `ms`, `s`, `m`, `h` or `d`, such as `15m`',
    default: fallback,
    bounds: { minimum, maximum },
  });
/** `64KiB`, `8MiB`; default and bounds are texts of the same form. */
export const size = (description: string, fallback: string, minimum: string, maximum: string) =>
  Type.String({
    description: `${description} From ${minimum} to ${maximum}.`,
    pattern: SIZE_PATTERN,
    form: 'a number with `B`, `KiB`, `MiB` or `GiB`, such as `8MiB`',
    default: fallback,
    bounds: { minimum, maximum },
  });
/** `host:port`. */
export const address = (description: string, fallback?: string) =>
  Type.String({
    description,
    pattern: ADDRESS_PATTERN,
    form: '`host:port`, such as `127.0.0.1:5432`',
    ...(fallback === undefined ? {} : { default: fallback }),
  });
/** A short lower-case name. */
export const name = (description: string) =>
  Type.String({
    description,
    pattern: '^[a-z0-9][a-z0-9._-]{0,62}$',
    form: 'small letters, digits, `.`, `_` and `-`',
  });
/** A list of names, each once. */
export const names = (description: string, fallback: readonly string[]) =>
  Type.Array(text('A name.'), { description, maxItems: 256, uniqueItems: true, default: fallback });
