/**
 * A program for tests: evaluates a policy with the compiled engine and prints, as JSON, the stack of a builtin it calls and the places
 * where the CPU profiler found it. Run with `--enable-source-maps`.
 */
import { Session } from 'node:inspector/promises';
import { findSourceMap } from 'node:module';
import { defineBuiltin } from '../../engine/builtins/registry.ts';
import { evaluatePath } from '../../engine/evaluate.ts';
import { compile } from './policies.ts';

/** Milliseconds that are profiled, and microseconds between two samples. */
const PROFILED_MS = 400;
const INTERVAL_US = 100;

let stack = '';
const where = defineBuiltin({
  name: 'test.where',
  args: ['x: any'],
  result: 'boolean',
  fn: () => {
    stack = new Error('here').stack ?? '';
    return true;
  },
});

const TEXT = `package access

allow if {
	input.x > 1
	helper(input.x)
}

helper(x) if {
	x > 0
	test.where(x)
}

busy := count([1 |
	some a in numbers.range(1, 300)
	some b in numbers.range(1, 100)
	a != b
])
`;

const policySet = compile([TEXT], { builtins: [where] });
const ask = (path: readonly string[]): unknown =>
  evaluatePath(policySet, path, { input: { x: 3 }, engine: 'compiled' });

ask(['access', 'allow']);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
await session.post('Profiler.start');
for (const end = Date.now() + PROFILED_MS; Date.now() < end; ) ask(['access', 'busy']);
const { profile } = await session.post('Profiler.stop');
const places = new Set<string>();
for (const { callFrame, positionTicks } of profile.nodes) {
  const map = findSourceMap(callFrame.url);
  for (const { line } of map === undefined ? [] : (positionTicks ?? [])) {
    const entry = map?.findEntry(line - 1, 0);
    if (entry !== undefined && 'originalSource' in entry)
      places.add(`${entry.originalSource}:${entry.originalLine + 1}`);
  }
}
console.log(JSON.stringify({ stack, places: [...places].sort() }));
