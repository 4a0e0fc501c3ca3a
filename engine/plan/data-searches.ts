/**
 * Which collections of base data blocks search by the value of a member: what an index can be made of before anything is decided.
 */
import type { Block, Step } from './ir.ts';
import { selectionOf } from './scan-selection.ts';
import { innerBlocks } from './walk-plan.ts';

/** The elements of the collection at `names` below `data` are looked up by the member at `path`. */
export interface DataSearch {
  readonly names: readonly string[];
  readonly path: readonly string[];
}

/** Places of base data by the registers they are read into. */
export type DataRegisters = ReadonlyMap<number, readonly string[]>;

/** Every search of the blocks, each once; `outer` are registers known before them. */
export function dataSearches(
  blocks: Iterable<Block>,
  outer: DataRegisters = new Map(),
): readonly DataSearch[] {
  const found = new Map<string, DataSearch>();
  for (const { steps } of blocks) search(steps, outer, found);
  return [...found.values()];
}

function search(
  steps: readonly Step[],
  outer: DataRegisters,
  found: Map<string, DataSearch>,
): void {
  // Most blocks read no base data, and need no registers of their own.
  let own: Map<number, readonly string[]> | undefined;
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at];
    if (step?.kind === 'let' && step.expr.kind === 'base') {
      own ??= new Map(outer);
      own.set(step.to.id, step.expr.names);
    }
    const known = own ?? outer;
    if (step?.kind === 'scan' && step.of.kind === 'register') {
      const names = known.get(step.of.id);
      const selection = names && selectionOf(steps, at);
      if (names !== undefined && selection !== undefined) {
        const { path } = selection;
        found.set(JSON.stringify([names, path]), { names, path });
      }
    }
    if (step !== undefined)
      for (const block of innerBlocks(step)) search(block.steps, known, found);
  }
}
