/**
 * What 100 MB of data cost: time and memory to load them, a decision on them, a change against loading them again. One JSON line a
 * figure; values are medians. Usage: npm run -s bench:data -- [--megabytes 100]
 */
import { parseArgs } from 'node:util';
import { patchPolicySet } from '../../engine/data-history.ts';
import { evaluatePath } from '../../engine/evaluate.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import { prepareDocuments } from '../../engine/prepare-documents.ts';
import { readJson } from '../../engine/value/json.ts';

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '100' } } });
const MEGABYTE = 1_000_000;
const size = Number(values.megabytes) * MEGABYTE;

const POLICY = `package app

default allow := false

allow if data.users[input.user].level >= 3

default granted := false

granted if {
	some user in data.users
	user.email == input.email
	user.level >= 3
}
`;

function makeData(): { readonly text: string; readonly users: number } {
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; length < size; index += 1) {
    const user = {
      id: `user-${index}`,
      name: `Name ${index}`,
      email: `u${index}@example.com`,
      roles: ['dev', 'ops', `r${index % 97}`],
      dept: `d${index % 500}`,
      level: index % 10,
      limits: { rows: index * 7, cost: 1.5 },
    };
    const part = `"user-${index}":${JSON.stringify(user)}`;
    parts.push(part);
    length += part.length + 1;
  }
  return { text: `{"users":{${parts.join(',')}}}`, users: parts.length };
}

function print(figure: string, value: number, unit: string, more: object = {}): void {
  const digits = value < 10 ? 3 : 0;
  console.log(JSON.stringify({ figure, value: Number(value.toFixed(digits)), unit, ...more }));
}

function timed<Result>(work: () => Result): readonly [result: Result, ms: number] {
  const begun = performance.now();
  const result = work();
  return [result, performance.now() - begun];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Megabytes of heap and memory outside of it that are held. */
function heldMegabytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MEGABYTE;
}

function load(text: string): PolicySet {
  const sources = {
    policies: [{ name: 'app.policy', text: POLICY }],
    data: [{ name: 'data.json', text }],
  };
  const { policySet, diagnostics } = compilePolicies(sources);
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}

function decide(policySet: PolicySet, document: string, input: object): void {
  const evaluation = evaluatePath(policySet, ['app', document], { input, engine: 'compiled' });
  if (!evaluation.ok) throw new Error(evaluation.error.message);
}

/** Microseconds of one decision of many, each on another user. */
function decisionMicroseconds(
  policySet: PolicySet,
  users: number,
  document: string,
  inputOf: (index: number) => object,
): number {
  const rounds = Array.from({ length: 9 }, (_, round) => {
    const [, ms] = timed(() => {
      for (let count = 0; count < 500; count += 1) {
        decide(policySet, document, inputOf((count * 7919 + round * 104_729) % users));
      }
    });
    return (ms * 1000) / 500;
  });
  return median(rounds);
}

const { text, users } = makeData();
const before = heldMegabytes();
const [first, loadMs] = timed(() => load(text));
print('load', loadMs, 'ms', { megabytes: size / MEGABYTE, users });
print('load, held besides the text', heldMegabytes() - before, 'MB');

const byKey = (index: number) => ({ user: `user-${index}` });
const byMember = (index: number) => ({ email: `u${index}@example.com` });
const [, prepareMs] = timed(() => prepareDocuments(first));
print('code and indexes, made at load', prepareMs, 'ms');
const [, firstMs] = timed(() => decide(first, 'allow', byKey(1)));
print('first decision by key', firstMs, 'ms');
print('decision by key', decisionMicroseconds(first, users, 'allow', byKey), 'µs');
const small = load('{"users":{"user-0":{"level":1,"email":"u0@example.com"}}}');
print('the same on one user', decisionMicroseconds(small, 1, 'allow', byKey), 'µs');

const [, indexMs] = timed(() => decide(first, 'granted', byMember(1)));
print('first decision by member', indexMs, 'ms');
print('decision by member', decisionMicroseconds(first, users, 'granted', byMember), 'µs');
print('held with the index and 5,000 users read', heldMegabytes() - before, 'MB');

let changed = first;
const changeMs = Array.from({ length: 301 }, (_, index) => {
  const path = ['users', `user-${index * 31}`, 'level'];
  const [result, ms] = timed(() => patchPolicySet(changed, [{ op: 'replace', path, value: 9 }]));
  if (result.fault !== undefined) throw new Error(result.fault.message);
  changed = result.policySet;
  return ms;
});
print('change of one member', median(changeMs), 'ms');
print('change against loading', loadMs / median(changeMs), '×');
const [, afterMs] = timed(() => decide(changed, 'granted', byMember(2)));
print('first decision by member after 301 changes', afterMs, 'ms');
const afterUs = decisionMicroseconds(changed, users, 'granted', byMember);
print('decision by member after them', afterUs, 'µs');

const [eager, eagerMs] = timed(() => readJson(text));
print('every value read at once, for comparison', eagerMs, 'ms', { ok: eager.ok });
const [, parseMs] = timed(() => JSON.parse(text) as unknown);
print('JSON.parse, for comparison', parseMs, 'ms');
