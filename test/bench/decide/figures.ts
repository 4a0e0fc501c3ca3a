/** Figures as JSON lines: medians, ratios of interleaved rounds, and whether the goal is met. */

/** A bound on a ratio or on an amount. */
export interface Goal {
  readonly most?: number;
  readonly least?: number;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The median of the rounds' own ratios: a machine that was slow for one round was so for both sides. */
export function medianRatio(above: readonly number[], below: readonly number[]): number {
  return median(above.map((value, at) => value / (below[at] ?? Number.NaN)));
}

/** Prints one figure; `value` names the one the goal is about. */
export function printFigure(
  figure: string,
  about: Readonly<Record<string, string | number>>,
  values: Readonly<Record<string, number>>,
  value: string,
  goal?: Goal,
): void {
  const rounded = Object.entries(values).map(([name, number]) => [name, shorten(number)]);
  const judged =
    goal === undefined ? {} : { goal: goalText(goal), met: isMet(goal, values[value]) };
  console.log(JSON.stringify({ figure, ...about, ...Object.fromEntries(rounded), ...judged }));
}

function shorten(value: number): number {
  const digits = Math.abs(value) < 10 ? 3 : Math.abs(value) < 1_000 ? 1 : 0;
  return Number(value.toFixed(digits));
}

function goalText({ most, least }: Goal): string {
  return most === undefined ? `>= ${least}` : `<= ${most}`;
}

function isMet({ most, least }: Goal, value: number | undefined): boolean {
  if (value === undefined || Number.isNaN(value)) return false;
  return (most === undefined || value <= most) && (least === undefined || value >= least);
}
