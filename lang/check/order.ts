/** Orders a body for evaluation, or reports why no order works. */
import type { Source } from '../source.ts';
import type { NameSource } from './context.ts';
import { writtenName } from './context.ts';
import { undeclaredInPieces } from './embedded.ts';
import type { Step } from './lowered.ts';
import type { ArityOf } from './outputs.ts';
import type { Report } from './report.ts';
import { reportUnsafe } from './report-unsafe.ts';
import type { UnsafeVars } from './safety.ts';
import { orderBody } from './safety.ts';

export interface Ordering {
  readonly report: Report;
  readonly arityOf: ArityOf;
  readonly source: Source;
  readonly names: NameSource;
  /** Variables with a value before the body. */
  readonly globals: ReadonlySet<string>;
  /** Names that could have been meant by one without a value. */
  readonly known: Iterable<string>;
}

/** The ordered body; undefined when a fault was reported. */
export function orderOrReport(
  ordering: Ordering,
  body: readonly Step[],
  embeds: boolean,
): Step[] | undefined {
  const { report, arityOf, source, names, globals } = ordering;
  if (embeds) {
    const undeclared = undeclaredInPieces(body, arityOf, globals);
    for (const { name, piece } of undeclared) {
      const shown = writtenName(names, name);
      const message = `\`${shown}\` has no value here`;
      const help =
        shown === '_' ? 'collect the values in a comprehension first' : 'bind it in the body first';
      report.error('check/undeclared-var', source, piece.span, message, { help });
    }
    if (undeclared.length > 0) return undefined;
  }
  const unsafe: UnsafeVars = new Map();
  const ordered = orderBody(body, arityOf, globals, unsafe);
  if (unsafe.size === 0) return ordered;
  reportUnsafe(report, source, unsafe, names, ordering.known);
  return undefined;
}
