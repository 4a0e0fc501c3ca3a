/**
 * Bounds what the record of an action keeps. The digest in it covers every byte, shortened or not. It must not change what is
 * decided or forwarded: it makes a copy, and only of an action that is too large.
 */
import type { ActionInput } from '../../engine/contract/input.ts';
import type { GateLimits } from './limits.ts';

/** Ends a shortened string, so that a reader sees that there was more. */
const MARK = '… [shortened]';
/** Deeper structures than this are left out of the record. */
const MAX_DEPTH = 64;

export interface StoredInput {
  readonly input: ActionInput;
  readonly truncated: boolean;
}

/** The action as the journal keeps it: itself when small enough, otherwise a copy with long strings cut and the excess left out. */
export function storeInput(action: ActionInput, limits: GateLimits): StoredInput {
  if (fits(action, limits)) return { input: action, truncated: false };
  const state = { left: limits.maxStoredInput };
  const copy = shorten(action, limits.maxStoredText, state, 0);
  // INVARIANT: `shorten` keeps every object's keys and every scalar's type, so the copy is an ActionInput still.
  return { input: copy as ActionInput, truncated: true };
}

function fits(action: ActionInput, limits: GateLimits): boolean {
  let left = limits.maxStoredInput;
  const walk = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') {
      left -= value.length + 2;
      return value.length <= limits.maxStoredText && left >= 0;
    }
    left -= 8;
    if (typeof value !== 'object' || value === null) return left >= 0;
    if (depth >= MAX_DEPTH) return false;
    if (Array.isArray(value)) return value.every((item) => walk(item, depth + 1));
    for (const key in value) {
      left -= key.length;
      if (!walk((value as Record<string, unknown>)[key], depth + 1)) return false;
    }
    return left >= 0;
  };
  return walk(action, 0);
}

function shorten(value: unknown, maxText: number, state: { left: number }, depth: number): unknown {
  if (typeof value === 'string') {
    const room = Math.max(0, Math.min(maxText, state.left));
    state.left -= Math.min(value.length, room) + 2;
    return value.length <= room ? value : value.slice(0, room) + MARK;
  }
  state.left -= 8;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const kept: unknown[] = [];
    if (depth >= MAX_DEPTH) return kept;
    for (const item of value) {
      if (state.left <= 0) break;
      kept.push(shorten(item, maxText, state, depth + 1));
    }
    return kept;
  }
  const copy: Record<string, unknown> = Object.create(null);
  // The scalar fields that identify the action come first in every ActionInput and so are never the ones that run out of room.
  const entries = depth >= MAX_DEPTH ? [] : Object.entries(value);
  for (const [key, item] of entries) {
    if (state.left <= 0 && depth > 2) break;
    state.left -= key.length;
    copy[key] = shorten(item, maxText, state, depth + 1);
  }
  return copy;
}
