/**
 * The commands an editor may run: the tests of a package with got and want, and what a package decides about an input file, with the
 * reasons. It loads the whole compiler: import it when a command is run. What is wrong with the files is told as the outcome.
 */
import type { ActionKind, PolicyInput } from '../../engine/contract/input.ts';
import { INPUT_SCHEMAS } from '../../engine/contract/input-schemas.ts';
import { validateInput } from '../../engine/contract/validate-input.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import { findTests } from '../../engine/testing/find-tests.ts';
import { textReport } from '../../engine/testing/report-text.ts';
import { runTest } from '../../engine/testing/run-tests.ts';
import { explainDecision } from '../../engine/trace/explain-decision.ts';
import { explanationText } from '../../engine/trace/explanation-text.ts';
import type { AskedTests, CommandOutcome } from '../../lang/server/ports.ts';
import type { Source } from '../../lang/source.ts';
import { contextAt } from '../../proxy/gate/instant.ts';
import { renderAll } from '../policies/compile.ts';
import { decisionText } from './decision-text.ts';
import { createScenarioBuiltins, type ScenarioBuiltins } from './scenario-builtins.ts';

/** Faults of an input that are listed before the rest is counted. */
const MAX_FAULTS = 5;

/** Runs the tests of a package, of one name where it is given. */
export async function runEditorTests(
  sources: readonly Source[],
  data: readonly Source[],
  asked: AskedTests,
): Promise<CommandOutcome> {
  const scenario = createScenarioBuiltins();
  try {
    const compiled = compile(sources, data, scenario);
    if (compiled.policySet === undefined) return { ok: false, text: compiled.faults };
    if (sources.some(({ text }) => text.includes('sallyport.action.'))) await scenario.prepare();
    const { policySet } = compiled;
    const isAsked = ({ name, package: home }: { name: string; package: string }): boolean =>
      home === asked.package && (asked.name === undefined || name.split('#')[0] === asked.name);
    const tests = findTests(policySet).filter(isAsked);
    if (tests.length === 0) return { ok: false, text: 'there is no such test' };
    const clock = performance.now.bind(performance);
    const results = tests.map((test) => runTest(policySet, test, { clock }));
    const ok = results.every(({ outcome }) => outcome === 'pass' || outcome === 'todo');
    return { ok, text: textReport(results, { verbose: true }) };
  } finally {
    await scenario.close();
  }
}

/** What a package decides about the input in a JSON text, and why; `context` and `session` may be left out of it. */
export async function decideInEditor(
  sources: readonly Source[],
  data: readonly Source[],
  packageName: string,
  inputSource: Source,
): Promise<CommandOutcome> {
  const { input, faults } = readInput(inputSource);
  if (input === undefined) return { ok: false, text: faults };
  const scenario = createScenarioBuiltins();
  try {
    const compiled = compile(sources, data, scenario);
    if (compiled.policySet === undefined) return { ok: false, text: compiled.faults };
    const explanation = explainDecision(compiled.policySet, [packageName], input);
    const { decision } = explanation;
    const text = [
      `${packageName} about ${inputSource.name}`,
      decisionText(decision, input.action),
      '',
      explanationText(explanation),
    ].join('\n');
    return { ok: decision.effect === 'allow', text };
  } finally {
    await scenario.close();
  }
}

function compile(
  policies: readonly Source[],
  data: readonly Source[],
  { builtins }: ScenarioBuiltins,
): { readonly policySet: PolicySet | undefined; readonly faults: string } {
  const { policySet, diagnostics } = compilePolicies(
    { policies, data },
    { allowMocked: true, inputSchema: 'contract', builtins },
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return { policySet, faults: renderAll(errors).join('\n\n') };
}

/** An input, or the output of `sallyport decide --format json`, which holds one. */
function readInput({ name, text }: Source): {
  readonly input: PolicyInput | undefined;
  readonly faults: string;
} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { input: undefined, faults: `${name} is no JSON: ${String(error)}` };
  }
  const holder = isRecord(value) && isRecord(value['input']) ? value['input'] : value;
  if (!isRecord(holder)) return { input: undefined, faults: `${name} holds no object` };
  const input = { ...defaultParts(), ...holder };
  const kind = isRecord(holder['action']) ? holder['action']['kind'] : undefined;
  if (!isActionKind(kind))
    return { input: undefined, faults: `${name}: \`action.kind\` is no kind of action` };
  const faults = validateInput(kind, input);
  if (faults.length > 0) {
    const lines = faults
      .slice(0, MAX_FAULTS)
      .map(({ path, message }) => `  ${path === '' ? 'the input' : path} ${message}`);
    const more = faults.length - lines.length;
    const rest = more > 0 ? [`  ... and ${more} more`] : [];
    return {
      input: undefined,
      faults: [`${name} is not the input of an action of kind ${kind}`, ...lines, ...rest].join(
        '\n',
      ),
    };
  }
  // The schema has just said that it has this shape.
  return { input: input as unknown as PolicyInput, faults: '' };
}

function defaultParts(): Pick<PolicyInput, 'session' | 'context'> {
  const now = Date.now();
  const nowNs = BigInt(now) * 1_000_000n;
  return {
    session: {
      id: 'editor',
      started_at: new Date(now).toISOString(),
      client: { ip: '127.0.0.1', application: 'editor', fingerprint: '' },
      actions: 0,
      rows: 0,
    },
    // A number as a file has it: the schema knows no others, and the digits it loses are nanoseconds.
    context: { ...contextAt(nowNs, []), now_ns: Number(nowNs) },
  };
}

function isActionKind(kind: unknown): kind is ActionKind {
  return typeof kind === 'string' && Object.hasOwn(INPUT_SCHEMAS, kind);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
