/**
 * Differential fuzzing of builtins against the real OPA: one call with arguments made from seeds that have the right form, changed a
 * little. A call that fails there has to fail here, and results have to be the same. The same seed makes the same calls.
 *
 * Usage: npm run -s fuzz:builtins -- --seconds 60 --seed 1 [--only net.,regex.match]
 * Closes with one JSON line and exits 1 when a difference is not on the list of meant ones.
 */
import { parseArgs } from 'node:util';
import {
  EVALUATOR_BUILTINS,
  REFUSED_BUILTINS,
  RELATION_BUILTINS,
  readSignatures,
} from '../../engine/builtins/signatures.ts';
import type { ParameterShape, TypeShape } from '../../engine/builtins/type-shape.ts';
import { member } from '../../engine/interpret/input-document.ts';
import { readJson, writeJson } from '../../engine/value/json.ts';
import { numbersFrom } from '../bench/decide/keyed-rules.ts';
import { findOpa } from '../support/opa.ts';
import { argumentsFor, argumentText } from './builtin-arguments.ts';
import { type BuiltinDifference, MEANT_BUILTIN_DIFFERENCES } from './meant-builtin-differences.ts';
import { startOpaServer } from './opa-server.ts';
import { evaluateHere } from './own-engine.ts';

/** Calls of one builtin that are asked for at once. */
const BATCH = 100;
/** Differences of one builtin that are shown. */
const SHOWN = 4;
/** Without a result, with one that time changes, or not called as functions are. */
const LEFT_OUT = [
  'eq',
  'print',
  'trace',
  'time.now_ns',
  'internal.print',
  'internal.template_string',
];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const program = findOpa();
if (program === undefined) {
  console.error('opa is not installed: go install github.com/open-policy-agent/opa@v1.21.1');
  process.exit(2);
}

const without = new Set<string>([
  ...REFUSED_BUILTINS,
  ...EVALUATOR_BUILTINS,
  ...RELATION_BUILTINS,
  ...LEFT_OUT,
]);
const wanted = values.only.split(',');
const builtins = [...readSignatures()].filter(
  ([name, { result }]) =>
    !without.has(name) && result !== undefined && wanted.some((part) => name.startsWith(part)),
);
const server = await startOpaServer(program, '{}');
const random = numbersFrom(Number(values.seed));
const end = Date.now() + Number(values.seconds) * 1000;
const differences = new Map<string, number>();
const known: Record<string, number> = {};
let calls = 0;
while (Date.now() < end) {
  const [name, signature] = builtins[random(builtins.length)] ?? [];
  if (name === undefined || signature === undefined) break;
  const { parameters } = signature;
  const batch = Array.from({ length: BATCH }, () => argumentsFor(name, parameters, random));
  await compare(name, parameters, batch.map(argumentText));
}
server.stop();
console.log(
  JSON.stringify({
    seed: Number(values.seed),
    seconds: Number(values.seconds),
    builtins: builtins.length,
    calls,
    known,
    differences: Object.fromEntries(differences),
  }),
);
process.exit(differences.size > 0 ? 1 : 0);

/** Every call by itself where one of them ends the evaluation. */
async function compare(
  name: string,
  parameters: readonly ParameterShape[],
  batch: readonly string[],
): Promise<void> {
  const module = moduleOf(name, parameters);
  const input = `[${batch.join(', ')}]`;
  const [own, opa] = [
    evaluateHere({ modules: [module], input }, 'interpret', BigInt(Date.now()) * 1_000_000n),
    await server.evaluate([module], input),
  ];
  if (opa.kind === 'timeout') return;
  if (batch.length > 1 && (own.kind !== 'value' || opa.kind !== 'value')) {
    for (const call of batch) await compare(name, parameters, [call]);
    return;
  }
  calls += batch.length;
  const [mine, theirs] = [resultsOf(own), resultsOf(opa)];
  for (const [at, call] of batch.entries())
    if (mine(at) !== theirs(at)) note({ name, call, own: mine(at), opa: theirs(at) });
}

function note(difference: BuiltinDifference): void {
  const { name, call, own, opa } = difference;
  const meant = MEANT_BUILTIN_DIFFERENCES.find(({ covers }) => covers(difference));
  if (meant !== undefined) {
    known[meant.id] = (known[meant.id] ?? 0) + 1;
    return;
  }
  const count = (differences.get(name) ?? 0) + 1;
  differences.set(name, count);
  if (count <= SHOWN) console.log(`--- ${name}(${call.slice(1, -1)})\nhere: ${own}\nopa:  ${opa}`);
}

type AnyOutcome = ReturnType<typeof evaluateHere> | Awaited<ReturnType<typeof server.evaluate>>;

/** By the number of the call; one without a value has none, for whatever reason. */
function resultsOf(outcome: AnyOutcome): (at: number) => string {
  if (outcome.kind === 'timeout') return () => 'no answer';
  if (outcome.kind !== 'value') return () => `${outcome.kind}: ${outcome.codes.join()}`;
  const document = readJson(outcome.json === '' ? '{}' : outcome.json);
  const results = document.ok ? member(document.value, 'r') : undefined;
  return (at) => {
    const result = member(results, String(at));
    return result === undefined ? 'no value' : writeJson(result);
  };
}

function moduleOf(name: string, parameters: readonly ParameterShape[]): string {
  const operands = parameters.map(({ type }, at) => operand(type, `a[${at}]`)).join(', ');
  return `package fuzz\n\nr[i] := v if {\n\tsome i, a in input\n\tv := ${name}(${operands})\n}\n`;
}

/** Sets are given as arrays. */
function operand(type: TypeShape, text: string): string {
  if (type.kind !== 'set') return text;
  const inner = type.of.kind === 'set' ? '{f | some f in e}' : 'e';
  return `{${inner} | some e in ${text}}`;
}
