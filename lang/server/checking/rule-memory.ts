/**
 * What is remembered of one rule between two checks: its lowered form, its faults, and what they depend on. Spans count from where
 * the rule stood when it was checked; whoever reports them moves them to where it stands now.
 */
import type { Rule } from '../../ast/nodes.ts';
import { visit } from '../../ast/visit.ts';
import type { LoweredRule } from '../../check/lower-rule.ts';
import { collectMocked } from '../../check/mocked.ts';
import type { RuleEntry } from '../../check/rule-tree.ts';
import { type DataPath, eachDataPath, eachStep } from '../../check/steps.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { Source } from '../../source.ts';
import type { BranchTyping } from '../../types/check-types.ts';
import type { PlaceChanges } from './place-changes.ts';

export interface RuleMemory {
  /** The text of the rule. */
  readonly text: string;
  /** Where it began when it was checked. */
  readonly start: number;
  readonly lowered: LoweredRule;
  readonly faults: readonly Diagnostic[];
  /** No fault of names, safety or calls: its body is in the order that types rely on. */
  readonly isSound: boolean;
  /** Depends on what is not followed: it is checked anew every time. */
  readonly isVolatile: boolean;
  readonly hasWith: boolean;
  /** Places below `data` that it reads. */
  readonly reads: readonly DataPath[];
  /** Every name in its text. */
  readonly names: ReadonlySet<string>;
  /** Builtins it replaces. */
  readonly mocked: ReadonlySet<string>;
  /** What its branches came to when they were typed last. */
  readonly typings: BranchTyping[];
}

/** A rule that was lowered, before it is finished: finishing puts its bodies in order and adds faults. */
export interface LoweredDraft {
  readonly lowered: LoweredRule;
  readonly mocked: ReadonlySet<string>;
}

/** What a rule replaces, read before its bodies are put in order. */
export function draftOf(lowered: LoweredRule): LoweredDraft {
  const mocked = new Set<string>();
  for (const branch of lowered.branches) collectMocked(branch.body, mocked);
  return { lowered, mocked };
}

/** Remembers a finished rule. */
export function rememberRule(
  entry: RuleEntry,
  draft: LoweredDraft,
  faults: readonly Diagnostic[],
): RuleMemory {
  const { rule, source } = entry;
  const reads: DataPath[] = [];
  let hasWith = false;
  for (const branch of draft.lowered.branches) {
    eachDataPath(branch, (path) => void reads.push(path));
    eachStep(branch.body, (step) => {
      hasWith ||= step.with.length > 0;
    });
  }
  return {
    text: textOf(rule, source),
    start: rule.span.start,
    lowered: draft.lowered,
    faults,
    isSound: faults.length === 0,
    // Advice in a fault may name any rule there is, the first of those that are as near; a related place may have moved.
    isVolatile: draft.lowered.asksMetadata || faults.length > 0,
    hasWith,
    reads,
    names: namesIn(rule),
    mocked: draft.mocked,
    typings: [],
  };
}

/** Whether what is remembered still holds after other places have changed. */
export function stillHolds(
  memory: RuleMemory,
  packageKey: string,
  changes: PlaceChanges,
  mockedRoots: ReadonlySet<string>,
): boolean {
  if (memory.isVolatile) return false;
  for (const root of mockedRoots) if (memory.names.has(root)) return false;
  if (!changes.hasAny) return true;
  return (
    !changes.touchesNames(packageKey, memory.names) &&
    !memory.reads.some((path) => changes.touchesPath(path))
  );
}

/** The text of a rule. */
export function textOf(rule: Rule, source: Source): string {
  return source.text.slice(rule.span.start, rule.span.end);
}

function namesIn(rule: Rule): ReadonlySet<string> {
  const names = new Set<string>();
  visit(rule, { Var: ({ name }) => void names.add(name) });
  return names;
}
