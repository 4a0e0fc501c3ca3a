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
  for (const { steps } of blocks) search(steps, new Map(outer), found);
  return [...found.values()];
}

function search(
  steps: readonly Step[],
  registers: Map<number, readonly string[]>,
  found: Map<string, DataSearch>,
): void {
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'let' && step.expr.kind === 'base')
      registers.set(step.to.id, step.expr.names);
    if (step.kind === 'scan' && step.of.kind === 'register') {
      const names = registers.get(step.of.id);
      const selection = names && selectionOf(steps, at);
      if (names !== undefined && selection !== undefined) {
        const { path } = selection;
        found.set(JSON.stringify([names, path]), { names, path });
      }
    }
    for (const block of innerBlocks(step)) search(block.steps, new Map(registers), found);
  }
}
