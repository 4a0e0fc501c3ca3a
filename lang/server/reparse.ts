/**
 * Parses a text that differs little from one that was parsed: only the rules an edit touches, between the rule before them and the one
 * behind them, which must come out as they were. It gives what `parseModule` gives, or nothing where it cannot be sure of that.
 */
import { moveNode, moveSpan } from '../ast/move.ts';
import type { Module, Rule } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type ParsedModule, parseModule } from '../parse.ts';
import type { Source, Span } from '../source.ts';
import { differenceOf } from './document.ts';

/** A text that was parsed without a fault. */
export interface GoodText {
  readonly source: Source;
  readonly module: Module;
}

/** What is parsed: the head of the file, and behind it the touched rules with a known one on each side. */
interface Region {
  /** Rules before it that stay as they are, the known one among them. */
  readonly kept: number;
  /** The first rule behind the touched ones; the number of rules where there is none. */
  readonly next: number;
  /** How much further its nodes stand in the text than in what is parsed. */
  readonly by: number;
  readonly text: string;
  /** Where the touched part begins and ends in the new text. */
  readonly start: number;
  readonly end: number;
  /** How much further stands what is behind the edit. */
  readonly shift: number;
}

/** The module of the new text, by the one before it. */
export function reparse(before: GoodText, source: Source): ParsedModule | undefined {
  const region = regionOf(before, source.text);
  if (region === undefined) return undefined;
  const { module, diagnostics } = parseModule({ name: source.name, text: region.text });
  if (module === undefined || headEndOf(module) !== headEndOf(before.module)) return undefined;
  const touched = touchedRules(before.module, module, region);
  if (touched === undefined) return undefined;
  const placed = <T extends { readonly span: Span }>(place: T) => ({
    ...place,
    source,
    span: moveSpan(place.span, region.by),
  });
  const faults = diagnostics.map(
    (fault): Diagnostic =>
      fault.related === undefined
        ? placed(fault)
        : { ...placed(fault), related: fault.related.map(placed) },
  );
  if (!faults.every((fault) => isLocal(fault, region, source))) return undefined;
  return { module: join(before.module, module, touched, region, source), diagnostics: faults };
}

function regionOf({ source, module }: GoodText, text: string): Region | undefined {
  const { rules } = module;
  const edit = differenceOf(source.text, text);
  const headEnd = headEndOf(module);
  const next = rules.findIndex(({ span }) => span.start > edit.end);
  const behind = next === -1 ? rules.length : next;
  const kept = rules.findLastIndex(({ span }) => span.end < edit.start) + 1;
  if (edit.start <= headEnd || (rules[0]?.span.start ?? headEnd) < headEnd) return undefined;
  const first = rules[kept - 1]?.span ?? { start: headEnd, end: headEnd };
  const shift = text.length - source.text.length;
  const last = rules[behind];
  const end = last === undefined ? text.length : last.span.start + shift;
  // A word of an import changes what others mean below it.
  if (/\b(?:import|package)\b/.test(text.slice(first.end, end))) return undefined;
  const stop = last === undefined ? text.length : last.span.end + shift;
  const head = first.start === headEnd ? text.slice(0, headEnd) : `${text.slice(0, headEnd)}\n`;
  return {
    kept,
    next: behind,
    by: first.start - head.length,
    text: head + text.slice(first.start, stop),
    start: first.end,
    end,
    shift,
  };
}

function headEndOf({ package: declared, imports }: Module): number {
  return (imports.at(-1) ?? declared).span.end;
}

/** The rules between the known ones; undefined where those did not come out as they were. */
function touchedRules(before: Module, parsed: Module, region: Region): readonly Rule[] | undefined {
  const { kept, next, by, shift } = region;
  const isAt = (found: Rule | undefined, known: Rule | undefined, moved: number): boolean =>
    known === undefined ||
    (found?.span.start === known.span.start + moved - by &&
      found.span.end === known.span.end + moved - by);
  const { rules } = parsed;
  const first = before.rules[kept - 1];
  const last = before.rules[next];
  if (!isAt(rules[0], first, 0) || !isAt(rules.at(-1), last, shift)) return undefined;
  return rules.slice(first === undefined ? 0 : 1, last === undefined ? rules.length : -1);
}

/** Whether a fault would be found in the whole text too, and in its place. A backquote may reach further than what is parsed here. */
function isLocal(
  { code, span, related = [] }: Diagnostic,
  { start, end }: Region,
  { text }: Source,
): boolean {
  return (
    code !== 'parse/limit' &&
    span.start >= start &&
    span.end <= end &&
    related.every((place) => place.span.start >= start && place.span.end <= end) &&
    !text.slice(start, end).includes('`')
  );
}

function join(
  before: Module,
  parsed: Module,
  touched: readonly Rule[],
  { kept, next, by, start, end, shift }: Region,
  { text }: Source,
): Module {
  const comments = parsed.comments.map((comment) => moveNode(comment, by));
  return {
    ...before,
    span: { start: 0, end: text.length },
    rules: [
      ...before.rules.slice(0, kept),
      ...touched.map((rule) => moveNode(rule, by)),
      ...before.rules.slice(next).map((rule) => moveNode(rule, shift)),
    ],
    comments: [
      ...before.comments.filter(({ span }) => span.start < start),
      ...comments.filter(({ span }) => span.start >= start && span.start < end),
      ...before.comments
        .filter(({ span }) => span.start + shift >= end)
        .map((comment) => moveNode(comment, shift)),
    ],
  };
}
