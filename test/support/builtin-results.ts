/** Results of builtins called from a policy. */
import { valueAt } from './policies.ts';

/** The results of calls; null where a call has none. */
export function resultsOf(...calls: readonly string[]): readonly unknown[] {
  const rules = calls.map((call, at) => `x[${at}] := ${call}`).join('\n');
  const results = valueAt('p.x', `${rules}\n`) as Readonly<Record<string, unknown>> | undefined;
  return calls.map((_, at) => results?.[at] ?? null);
}
