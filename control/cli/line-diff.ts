/**
 * The difference of two texts as a unified diff, line by line. Reading only; it applies nothing.
 */

/** Lines of context around a change. */
const CONTEXT = 3;
/** Cells of the comparison table; beyond it the changed part is shown as replaced whole. */
const MAX_CELLS = 4_000_000;

interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** A unified diff with `---` and `+++` lines; empty where the texts are equal. */
export function diffLines(name: string, before: string, after: string): string {
  if (before === after) return '';
  const steps = compare(splitLines(before), splitLines(after));
  return [`--- ${name}`, `+++ ${name}`, ...hunks(steps)].join('\n');
}

function splitLines(text: string): readonly string[] {
  return (text.endsWith('\n') ? text.slice(0, -1) : `${text}\n\\ no line break at the end`).split(
    '\n',
  );
}

function compare(left: readonly string[], right: readonly string[]): readonly Step[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  )
    end += 1;
  const same = (line: string): Step => ({ sign: ' ', line });
  return [
    ...left.slice(0, start).map(same),
    ...compareMiddle(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...left.slice(left.length - end).map(same),
  ];
}

/** By the longest common subsequence. */
function compareMiddle(left: readonly string[], right: readonly string[]): readonly Step[] {
  const width = right.length + 1;
  const isTooLarge = (left.length + 1) * width > MAX_CELLS;
  const lengths = new Uint32Array(isTooLarge ? 0 : (left.length + 1) * width);
  for (let row = left.length - 1; !isTooLarge && row >= 0; row -= 1)
    for (let column = right.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        left[row] === right[column]
          ? (lengths[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(
              lengths[(row + 1) * width + column] ?? 0,
              lengths[row * width + column + 1] ?? 0,
            );
  const steps: Step[] = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    const before = left[row];
    const after = right[column];
    if (!isTooLarge && before !== undefined && before === after) {
      steps.push({ sign: ' ', line: before });
      row += 1;
      column += 1;
    } else if (
      before !== undefined &&
      (after === undefined ||
        isTooLarge ||
        (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0))
    ) {
      steps.push({ sign: '-', line: before });
      row += 1;
    } else {
      steps.push({ sign: '+', line: after ?? '' });
      column += 1;
    }
  }
  return steps;
}

function hunks(steps: readonly Step[]): readonly string[] {
  const output: string[] = [];
  let left = 1;
  let right = 1;
  for (let at = 0; at < steps.length; ) {
    const change = steps.findIndex((step, index) => index >= at && step.sign !== ' ');
    if (change === -1) break;
    const start = Math.max(at, change - CONTEXT);
    left += start - at;
    right += start - at;
    let end = change + 1;
    for (let next = end; next < steps.length && next < end + 2 * CONTEXT; next += 1)
      if (steps[next]?.sign !== ' ') end = next + 1;
    const lines = steps.slice(start, Math.min(end + CONTEXT, steps.length));
    const removed = lines.filter(({ sign }) => sign !== '+').length;
    const added = lines.filter(({ sign }) => sign !== '-').length;
    output.push(`@@ -${left},${removed} +${right},${added} @@`);
    output.push(...lines.map(({ sign, line }) => sign + line));
    left += removed;
    right += added;
    at = start + lines.length;
  }
  return output;
}
