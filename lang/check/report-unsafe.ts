/** The diagnostics of variables without a value, with the advice that fits. */
import type { Source } from '../source.ts';
import { suggest } from '../suggest.ts';
import type { NameSource } from './context.ts';
import type { Report } from './report.ts';
import type { UnsafeVars } from './safety.ts';
import type { UnsafePlace } from './unsafe.ts';
import { unsafePlaces } from './unsafe.ts';

/**
 * Reports what ordering a body could not satisfy.
 * @param known names that could have been meant
 */
export function reportUnsafe(
  report: Report,
  source: Source,
  unsafe: UnsafeVars,
  names: NameSource,
  known: Iterable<string>,
): void {
  const places = [...unsafePlaces(unsafe, names)];
  const valueless = new Set(places.map(({ name }) => name));
  const candidates = [...known, ...names.originals.values()].filter((name) => !valueless.has(name));
  for (const place of places) {
    report.error('check/unsafe-var', source, place.span, message(place), {
      help: help(place, candidates),
    });
  }
}

function message(place: UnsafePlace): string {
  if (place.name === undefined) return 'this statement needs a value that nothing gives it';
  return `\`${place.name}\` has no value here`;
}

function help(place: UnsafePlace, candidates: readonly string[]): string {
  if (place.name === undefined) return 'bind its variables in the same body, outside of it';
  const near = suggest(place.name, candidates);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (place.negated) {
    return 'a negation binds nothing: bind the variable before it, or test with a rule or comprehension';
  }
  if (place.name === '_') return 'a wildcard is never bound here: name a variable and bind it';
  return 'bind it in the same body, import it, or declare a rule of that name';
}
