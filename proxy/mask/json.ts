/**
 * Masks fields of JSON as it streams by: JSON pointer patterns (`/customers/0/ssn`, `*` for any key or index) against the path of each value. A mask on
 * an object or array masks every scalar in it. Numbers keep their text; nothing is parsed and written again but what is masked.
 */
import type { Mask, MaskMethod } from '../../engine/contract/decision.ts';
import { createJsonScanner, type JsonHandler } from './json-scanner.ts';
import { type MaskKey, maskText, strictestMethod } from './methods.ts';

/** One field mask, its pointer taken apart. */
export interface FieldMask {
  readonly code: string;
  readonly method: MaskMethod;
  readonly segments: readonly string[];
}

export interface JsonMasker {
  write(chunk: Buffer): Buffer;
  end(): Buffer;
  /** Masked values by mask code, so far. */
  readonly counts: Readonly<Record<string, number>>;
}

interface Place {
  /** Patterns that the path so far fits. */
  readonly alive: readonly FieldMask[];
  /** The mask that holds for everything in here. */
  readonly mask: FieldMask | undefined;
}

interface Level extends Place {
  readonly isArray: boolean;
  index: number;
  key: string;
}

const NOWHERE: Place = { alive: [], mask: undefined };

/** The field mask of a policy's mask; undefined when its `field` is no JSON pointer. */
export function parseFieldMask(mask: Mask): FieldMask | undefined {
  const { field, code, with: method } = mask;
  if (field === undefined || (field !== '' && !field.startsWith('/'))) return undefined;
  if (/~(?![01])/.test(field)) return undefined;
  const segments = field
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { code, method, segments };
}

/** A masker for one JSON document, or for many one after another. */
export function createJsonMasker(
  masks: readonly FieldMask[],
  key: MaskKey,
  many = false,
): JsonMasker {
  const counts: Record<string, number> = {};
  const levels: Level[] = [];
  let current: Place = NOWHERE;

  /** The place of the value that begins now. */
  function enter(): Place {
    const level = levels.at(-1);
    if (level === undefined) return step(masks, undefined, 0);
    const segment = level.isArray ? String(level.index) : level.key;
    level.index += 1;
    if (level.alive.length === 0) return level.mask === undefined ? NOWHERE : level;
    const depth = levels.length;
    const alive = level.alive.filter((mask) => {
      const wanted = mask.segments[depth - 1];
      return wanted === '*' || wanted === segment;
    });
    return step(alive, level.mask, depth);
  }

  const push = (isArray: boolean): void => {
    const { alive, mask } = enter();
    levels.push({ alive, mask, isArray, index: 0, key: '' });
  };
  const handler: JsonHandler = {
    openObject: () => push(false),
    openArray: () => push(true),
    close: () => {
      levels.pop();
    },
    key: (name) => {
      const level = levels.at(-1);
      if (level !== undefined) level.key = name;
    },
    wants: () => {
      current = enter();
      return current.mask !== undefined;
    },
    replace: (raw) => {
      if (current.mask === undefined || raw === 'null') return raw;
      const { code, method } = current.mask;
      counts[code] = (counts[code] ?? 0) + 1;
      return maskScalar(raw, method, key);
    },
  };
  const scanner = createJsonScanner(handler, many);
  return { write: scanner.write, end: scanner.end, counts };
}

function step(alive: readonly FieldMask[], inherited: FieldMask | undefined, depth: number): Place {
  let mask = inherited;
  for (const each of alive) if (each.segments.length === depth) mask = stricter(mask, each);
  return { alive: alive.filter((each) => each.segments.length > depth), mask };
}

function stricter(one: FieldMask | undefined, other: FieldMask): FieldMask {
  if (one === undefined) return other;
  return strictestMethod(one.method, other.method) === one.method ? one : other;
}

/** A number under `redact` becomes null and a truth value always: a text in their place says no more and breaks readers. */
function maskScalar(raw: string, method: MaskMethod, key: MaskKey): string {
  if (raw === 'true' || raw === 'false') return 'null';
  const isText = raw.startsWith('"');
  if (!isText && (method === 'redact' || method === 'null')) return 'null';
  const text = isText ? (JSON.parse(raw) as string) : raw;
  return JSON.stringify(maskText(method, text, key));
}
