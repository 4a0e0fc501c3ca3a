/** Calls that generated code does not make directly: builtins with their faults, what a `with` put in a function's place, texts. */
import { joinedText } from '../builtins/joined-text.ts';
import { isMember } from '../interpret/membership.ts';
import { nodeAt } from '../interpret/rule-tree.ts';
import type { Mock } from '../interpret/world.ts';
import type { Site } from '../plan/ir.ts';
import { EvaluationFailure, placeInRule } from '../run/failure.ts';
import { equalValues } from '../value/compare.ts';
import { type BuiltinFault, isFault } from '../value/fault.ts';
import { displayText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import { box } from './runtime-access.ts';
import { failAt } from './runtime-rules.ts';
import type { CompiledWorld } from './world.ts';

/** The value of a builtin, or undefined where it fails and errors are not strict. */
export function callBuiltin(
  w: CompiledWorld,
  name: string,
  args: readonly Value[],
  site: Site,
): Value | undefined {
  if (name === 'internal.member_2' || name === 'internal.member_3') return isMember(args);
  if (name === 'eq' || name === 'assign') return equalValues(args[0] ?? null, args[1] ?? null);
  const found = w.e.builtins.get(name);
  if (found === undefined) throw internal(site, `there is no builtin ${name}`);
  if (found.kind === 'relation') {
    for (const result of callRelation(w, name, args, site)) return result;
    return undefined;
  }
  const result = found.call(w.e.context, args);
  if (!isFault(result)) return result;
  report(w, name, result, site);
  return undefined;
}

/** Formats that are remembered; others are formatted by the builtin. */
const MAX_FORMATS = 1_024;
/** Characters that are formatted here: a longer text counts as work. */
const MAX_QUICK_TEXT = 4_096;

/** `sprintf` of texts by `%s` and `%v`; undefined for everything else. */
export function formatted(w: CompiledWorld, format: unknown, values: unknown): string | undefined {
  if (!w.e.isStock || typeof format !== 'string' || !Array.isArray(values)) return undefined;
  let pieces = w.e.formats.get(format);
  if (pieces === undefined) {
    if (w.e.formats.size >= MAX_FORMATS || w.e.formats.has(format)) return undefined;
    pieces = formatPieces(format);
    w.e.formats.set(format, pieces);
    if (pieces === undefined) return undefined;
  }
  if (values.length !== pieces.length - 1) return undefined;
  let text = pieces[0] ?? '';
  for (let at = 0; at < values.length; at += 1) {
    const value: unknown = values[at];
    if (typeof value !== 'string') return undefined;
    text += value + (pieces[at + 1] ?? '');
  }
  return text.length > MAX_QUICK_TEXT ? undefined : text;
}

/** The texts around the verbs; undefined when there is anything but `%s` and `%v`. */
function formatPieces(format: string): readonly string[] | undefined {
  const pieces = format.split(/%[sv]/);
  return pieces.some((piece) => piece.includes('%')) ? undefined : pieces;
}

/** The results of a relation. */
export function callRelation(
  w: CompiledWorld,
  name: string,
  args: readonly Value[],
  site: Site,
): Iterable<Value> {
  const found = w.e.builtins.get(name);
  if (found?.kind !== 'relation') {
    const value = callBuiltin(w, name, args, site);
    return value === undefined ? [] : [value];
  }
  const results = found.iterate(w.e.context, args);
  if (!isFault(results)) return results;
  report(w, name, results, site);
  return [];
}

function report(w: CompiledWorld, name: string, fault: BuiltinFault, site: Site): void {
  if (!w.e.strict && fault.code !== 'eval_limit_error') return;
  const places = site.rule === undefined ? [] : [placeInRule(site.rule, site.span)];
  throw new EvaluationFailure(fault.code, `${name}: ${fault.message}`, places);
}

function internal(site: Site, message: string): EvaluationFailure {
  const places = site.rule === undefined ? [] : [placeInRule(site.rule, site.span)];
  return new EvaluationFailure('eval_internal_error', message, places);
}

/** What a call gives where a `with` may have replaced what is called; for a relation all its results. */
export function callReplaceable(
  w: CompiledWorld,
  callee: Exclude<Mock, { kind: 'value' }>,
  args: readonly Value[],
  site: Site,
): Iterable<Value> {
  const mock = w.mocks.get(callee.kind === 'builtin' ? callee.name : callee.path.join('\0'));
  if (mock?.kind === 'value') return [mock.value];
  if (mock !== undefined) return callReplaceable(w.unmocked(), mock, args, site);
  if (callee.kind === 'builtin') return callRelation(w, callee.name, args, site);
  const node = nodeAt(w.tree, callee.path);
  const group = node && w.e.program.byPath.get(callee.path.join('\0'));
  if (group === undefined) return [];
  const value = w.e.program.functions.values[group]?.(w, ...args);
  return value === undefined ? [] : [box(w, value)];
}

/** The first of several results. */
export function firstOf(results: Iterable<Value>): Value | undefined {
  for (const result of results) return result;
  return undefined;
}

/** One more value of an expression in a template. */
export function agreeShown(shown: Value | undefined, value: Value, site: Site): Value {
  if (shown !== undefined && !equalValues(shown, value)) {
    failAt(site, 'template-strings must not produce multiple outputs');
  }
  return value;
}

/** What a template shows for an expression. */
export function shownText(value: Value | undefined): string {
  return value === undefined ? '<undefined>' : displayText(value);
}

/** The text of a template. */
export function joined(w: CompiledWorld, parts: readonly string[]): string {
  return joinedText(w.e.context, parts);
}

/** Prints one line per combination of the arguments' values. */
export function printLines(w: CompiledWorld, args: readonly (readonly Value[])[]): void {
  let lines: readonly string[] = [''];
  for (const [index, values] of args.entries()) {
    const texts = values.length === 0 ? ['<undefined>'] : values.map(displayText);
    lines = lines.flatMap((line) => texts.map((text) => (index === 0 ? text : `${line} ${text}`)));
  }
  for (const line of lines) w.e.print?.(line);
}

/** The names of a path of data that a `with` replaces. */
export function dataPath(keys: readonly Value[], site: Site): readonly string[] {
  return keys.map((key) => {
    if (typeof key === 'string') return key;
    throw internal(site, 'a key of a `with` target is no string');
  });
}
