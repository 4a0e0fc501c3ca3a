/** What of an input is known before it is asked about: some of its paths, with the values there. */
import { plainAt } from '../reads/input-key.ts';
import { coverOf, type InputPath } from '../reads/input-path.ts';

/** INVARIANT: whatever an input has at or below one of the paths is in the document, and nothing else is. */
export interface KnownInput {
  readonly paths: readonly InputPath[];
  /** Plain data with the known parts only. */
  readonly document: Readonly<Record<string, unknown>>;
}

type Draft = { [name: string]: unknown };

/** The part of an input that lies at these paths. What the input has not is known to be absent. */
export function knownPart(input: unknown, paths: readonly InputPath[]): KnownInput {
  const cover = coverOf(paths.filter((path) => path.length > 0));
  const document: Draft = {};
  for (const path of cover) {
    const value = plainAt(input, path);
    if (value !== undefined) put(document, path, value);
  }
  return { paths: cover, document };
}

function put(document: Draft, path: InputPath, value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    define(document, name, value);
    return;
  }
  const inner: Draft = Object.hasOwn(document, name) ? (document[name] as Draft) : {};
  define(document, name, inner);
  put(inner, rest, value);
}

/** A name such as `__proto__` is an own property like any other. */
function define(document: Draft, name: string, value: unknown): void {
  Object.defineProperty(document, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
