/** Leaves a block early where further solutions would say what one said; see plan/early-exit.ts. */
import { earlyExit } from '../plan/early-exit.ts';
import type { Block } from '../plan/ir.ts';
import type { CodeWriter } from './code-writer.ts';

/** Written behind what a solution of the block does; `stop` leaves the block. Who watches is told of every solution. */
export function writeExit(out: CodeWriter, block: Block, stop: string): void {
  const exit = out.isWatched ? 'never' : earlyExit(block);
  if (exit === 'always') out.line(stop);
  if (exit === 'lenient') out.line(`if (!w.e.strict) ${stop}`);
}
