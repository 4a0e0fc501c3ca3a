/** Where rules stand, as decisions name them. */
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Source } from '../../lang/source.ts';
import type { RuleLocation } from '../contract/decision.ts';

/** Where rules stand, worked out once per rule; the lines of a text once for all its rules. */
export class RuleLocations {
  readonly #known = new WeakMap<CheckedRule, RuleLocation>();
  readonly #lines = new WeakMap<Source, readonly number[]>();

  /** The place of a definition. */
  of(rule: CheckedRule): RuleLocation {
    let location = this.#known.get(rule);
    if (location === undefined) {
      location = {
        package: rule.package.join('.'),
        name: rule.path.slice(rule.package.length).join('.'),
        file: rule.source.name,
        line: this.#lineOf(rule),
      };
      this.#known.set(rule, location);
    }
    return location;
  }

  #lineOf({ source, rule }: CheckedRule): number {
    let starts = this.#lines.get(source);
    if (starts === undefined) {
      starts = lineStarts(source.text);
      this.#lines.set(source, starts);
    }
    let [low, high] = [0, starts.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= rule.span.start) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
