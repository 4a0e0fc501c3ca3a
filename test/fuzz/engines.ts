/** Asks both engines about a generated case and says how their answers differ. */
import { type EngineName, evaluatePath } from '../../engine/evaluate.ts';
import { compilePolicies } from '../../engine/policy-set.ts';
import { readJson, writeJson } from '../../engine/value/json.ts';
import { toPlain } from '../../engine/value/plain.ts';
import { BASE_DOCUMENT, type FuzzCase } from './generate-module.ts';

const BASE = { name: 'base.json', text: `{"base": ${BASE_DOCUMENT}}` };

/** The answers of both engines where they differ; undefined where they agree or the case does not compile. */
export function engineDifference(example: FuzzCase): string | 'rejected' | undefined {
  const policies = example.modules.map((text, at) => ({ name: `fuzz${at}.rego`, text }));
  const { policySet } = compilePolicies({ policies, data: [BASE] });
  if (policySet === undefined) return 'rejected';
  const reading = readJson(example.input);
  if (!reading.ok) throw new SyntaxError(reading.message);
  for (const strictBuiltinErrors of [false, true]) {
    for (const input of [reading.value, toPlain(reading.value)]) {
      const answer = (engine: EngineName): string => {
        const printed: string[] = [];
        const print = (line: string): void => void printed.push(line);
        const options = { input, engine, strictBuiltinErrors, print };
        const evaluation = evaluatePath(policySet, ['fuzz'], options);
        if (!evaluation.ok) return `${evaluation.error.code} ${evaluation.error.message}`;
        return `${evaluation.result === undefined ? '' : writeJson(evaluation.result)} ${printed.join('|')}`;
      };
      const [wanted, got] = [answer('interpret'), answer('compiled')];
      // What a step is differs, so a limit may be met by one of them only.
      const isLimit = wanted.startsWith('eval_limit') || got.startsWith('eval_limit');
      if (wanted !== got && !isLimit) return `interpreted: ${wanted}\ncompiled:    ${got}`;
    }
  }
  return undefined;
}
