/** The code of rules that are watched: a function for each form, which tells its watcher `t` how far it comes and what it finds. */
import type { Program } from '../plan/ir.ts';
import type { WatchedForm } from '../plan/watch-plan.ts';
import type { CodeWriter } from './code-writer.ts';
import { writeBlock } from './emit-block.ts';
import { noteUses, startProgram, writeGroups } from './emit-program.ts';

/** Writes the forms, and the groups they ask, which are not watched. */
export function emitWatch(forms: readonly WatchedForm[], program: Program): CodeWriter {
  const out = startProgram();
  out.isWatched = true;
  for (const [at, { rule, block, parameters }] of forms.entries()) {
    out.site = { rule, span: rule.rule.head.span };
    noteUses(out, [block]);
    out.line(`function t${at}(w, c, t) {`);
    for (const [index, { id }] of parameters.entries()) out.line(`const r${id} = c[${index}];`);
    writeBlock(out, block, (operands, stop) => {
      const said = operands.at(-1);
      if (said !== undefined) out.line(`if (t.found(${out.boxed(said)})) ${stop}`);
    });
    out.line('}');
  }
  out.site = undefined;
  out.isWatched = false;
  out.line(`const watched = [${forms.map((_, at) => `t${at}`).join(', ')}];`);
  writeGroups(out, program.groups, ['watched']);
  return out;
}
