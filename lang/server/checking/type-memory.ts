/**
 * Decides which branches must be typed again: those that were checked anew, and those that read a rule whose type has changed.
 * The branches come after those of the rules they read, so that one pass is enough.
 */
import { moveSpan } from '../../ast/move.ts';
import { isEntry, type RuleGraph, type Vertex } from '../../check/rule-graph.ts';
import type { RuleEntry } from '../../check/rule-tree.ts';
import type { BranchTyping, TypedBranch, TypeMemory } from '../../types/check-types.ts';
import { compareTypes } from '../../types/type.ts';
import type { RuleMemory } from './rule-memory.ts';

/** A rule of the present check. */
export interface PresentRule {
  readonly memory: RuleMemory;
  /** It was lowered in this check. */
  readonly isFresh: boolean;
  /** What the rule in its place came to before; undefined where there was none. */
  readonly before: readonly BranchTyping[] | undefined;
}

export interface TypeMemoryInput {
  readonly graph: RuleGraph;
  readonly presentOf: (entry: RuleEntry) => PresentRule | undefined;
  /** Rules that need themselves: they have no type. */
  readonly circular: ReadonlySet<RuleEntry>;
  /** Some rule reads other places than before, so that what depends on a replaced document may be others. */
  readonly graphChanged: boolean;
  /** A check ended while types were noted: what is remembered may be of two different texts. */
  readonly isUnsure: boolean;
}

const ANYTHING: BranchTyping = { type: undefined, faults: [], isFaulty: true };

export interface RecordingTypeMemory extends TypeMemory {
  /** The branches as they were given, by rule. */
  readonly branches: ReadonlyMap<RuleEntry, readonly TypedBranch[]>;
  /** How many branches were typed. */
  readonly inferred: () => number;
}

/** The memory for one check. */
export function makeTypeMemory(input: TypeMemoryInput): RecordingTypeMemory {
  const { graph, presentOf, circular } = input;
  const branches = new Map<RuleEntry, TypedBranch[]>();
  const changed = new Map<Vertex, boolean>();
  const dirty = new Map<RuleEntry, boolean>();
  let inferred = 0;

  const hasChanged = (vertex: Vertex): boolean => {
    const known = changed.get(vertex);
    if (known !== undefined || isEntry(vertex)) return known ?? false;
    changed.set(vertex, false);
    const found = graph.edgesOf(vertex).some(hasChanged);
    changed.set(vertex, found);
    return found;
  };
  const isDirty = (typed: TypedBranch, present: PresentRule): boolean => {
    const { entry } = typed;
    const known = dirty.get(entry);
    if (known !== undefined) return known;
    const { memory, isFresh } = present;
    const found =
      isFresh ||
      input.isUnsure ||
      memory.typings.length < memory.lowered.branches.length ||
      // It was part of a circle, which another rule has broken since.
      memory.typings.includes(ANYTHING) ||
      typed.documents.length > 0 ||
      (memory.hasWith && input.graphChanged) ||
      graph.edgesOf(entry).some(hasChanged);
    dirty.set(entry, found);
    return found;
  };
  /** Notes what a branch came to, and whether that is news to those who read it. */
  const note = (typed: TypedBranch, present: PresentRule, typing: BranchTyping): void => {
    const { entry, at } = typed;
    const before = present.isFresh ? present.before?.[at] : present.memory.typings[at];
    const branchCount = present.before?.length;
    const isNews =
      before === undefined ||
      (present.isFresh && branchCount !== present.memory.lowered.branches.length) ||
      before.isFaulty !== typing.isFaulty ||
      compareTypes(before.type, typing.type) !== 0;
    changed.set(entry, (changed.get(entry) ?? false) || isNews);
    present.memory.typings[at] = typing;
  };

  return {
    branches,
    inferred: () => inferred,
    recall(typed) {
      const { entry } = typed;
      const known = branches.get(entry);
      if (known === undefined) branches.set(entry, [typed]);
      else known.push(typed);
      const present = presentOf(entry);
      if (present === undefined) return undefined;
      if (!present.memory.isSound || circular.has(entry)) {
        note(typed, present, ANYTHING);
        return ANYTHING;
      }
      if (isDirty(typed, present)) return undefined;
      const typing = present.memory.typings[typed.at];
      return typing && moved(typing, entry, present.memory);
    },
    keep(typed, typing) {
      inferred += 1;
      const present = presentOf(typed.entry);
      if (present === undefined) return typing;
      note(typed, present, typing);
      return moved(typing, typed.entry, present.memory);
    },
  };
}

/** The faults where the rule stands now. */
function moved(typing: BranchTyping, entry: RuleEntry, memory: RuleMemory): BranchTyping {
  const by = entry.rule.span.start - memory.start;
  if (by === 0 || typing.faults.length === 0) return typing;
  return {
    ...typing,
    faults: typing.faults.map((fault) => ({ ...fault, span: moveSpan(fault.span, by) })),
  };
}
