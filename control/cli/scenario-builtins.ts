/**
 * Builtins for scenario tests: the action the gateway would make of a SQL text or an HTTP request, described by the code of the data
 * plane. OPA does not have them, so tests that call them run here only. Rules that decide never see them.
 */
import { type Builtin, defineBuiltin } from '../../engine/builtins/registry.ts';
import { type BuiltinFault, builtinError, limitError } from '../../engine/value/fault.ts';
import { fromPlain } from '../../engine/value/plain.ts';
import type { Value } from '../../engine/value/value.ts';
import type { SqlAnalyser } from '../../proxy/sql/facts.ts';
import { describeHttp, openSqlAnalyser, sqlAction } from '../decisions/describe-action.ts';

/** The host an HTTP request of a test names. */
const HOST = 'scenario.localhost';

/** What each does, for an editor. */
export const SCENARIO_DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  [
    'sallyport.action.sql',
    'The action the gateway would make of a SQL text, for tests: `with input.action as sallyport.action.sql("select 1")`.',
  ],
  [
    'sallyport.action.http',
    'The action the gateway would make of an HTTP request, for tests: `with input.action as sallyport.action.http("GET", "/orders")`.',
  ],
]);

export interface ScenarioBuiltins {
  readonly builtins: readonly Builtin[];
  /** Loads what the builtins need; before it they have no value. It costs tens of milliseconds. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** `sallyport.action.sql(text)` and `sallyport.action.http(method, path)`. */
export function createScenarioBuiltins(): ScenarioBuiltins {
  let analyser: SqlAnalyser | undefined;
  const builtins = [
    defineBuiltin({
      name: 'sallyport.action.sql',
      args: ['text: string'],
      result: 'any',
      fn: (_ctx, text = null) => (typeof text === 'string' ? describe(analyser, text) : undefined),
    }),
    defineBuiltin({
      name: 'sallyport.action.http',
      args: ['method: string', 'path: string'],
      result: 'any',
      fn: (_ctx, method = null, path = null) =>
        described(() => describeHttp(`${String(method)} ${String(path)}`, undefined, HOST)),
    }),
  ];
  return {
    builtins,
    async prepare() {
      analyser ??= await openSqlAnalyser();
    },
    async close() {
      await analyser?.close();
      analyser = undefined;
    },
  };
}

function describe(analyser: SqlAnalyser | undefined, text: string): Value | BuiltinFault {
  const facts = analyser?.analyse(text);
  if (facts === undefined) return builtinError('the SQL grammar is not loaded');
  // A long text is parsed by a worker, and an evaluation cannot wait.
  if (facts instanceof Promise) return limitError('the SQL text of a test has 1024 bytes at most');
  return described(() => sqlAction(text, facts));
}

/** A text the gateway refuses unseen has no action: nothing a policy says would let it pass. */
function described(make: () => object): Value | BuiltinFault {
  try {
    return fromPlain(make());
  } catch (cause) {
    return builtinError(cause instanceof Error ? cause.message : String(cause));
  }
}
