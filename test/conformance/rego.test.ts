/** OPA's own evaluation suite, whole, on both engines, against the list of what is known to fail; the list can only shrink. */
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCases } from './read-cases.ts';
import { runCase } from './run-case.ts';

const test = suite('conformance/rego');
const file = new URL('../../../shared/conformance/rego-cases.jsonl', import.meta.url).pathname;
const expected = new Map(
  (
    JSON.parse(readFileSync(new URL('expected-failures.json', import.meta.url), 'utf8')) as {
      readonly id: string;
      readonly reason: string;
      readonly note?: string;
    }[]
  ).map(({ id, reason }) => [id, reason]),
);

if (existsSync(file)) {
  const cases = readCases(file);
  const outcomes = new Map(cases.map((one) => [one.id, runCase(one, 'interpret')]));
  const compiled = new Map(cases.map((one) => [one.id, runCase(one, 'compiled')]));

  test('the suite is the one the list was made for', () => {
    assert.is(cases.length, 1543);
    assert.equal(
      [...expected.keys()].filter((id) => !outcomes.has(id)),
      [],
    );
  });

  test('compiled code answers every case as the interpreter does', () => {
    const differing = [...outcomes].filter(([id, { kind }]) => compiled.get(id)?.kind !== kind);
    assert.equal(
      differing.map(([id]) => id),
      [],
    );
  });

  test('every case passes unless it is listed', () => {
    const surprises = [...outcomes].flatMap(([id, outcome]) =>
      outcome.kind === 'passed' || expected.has(id) ? [] : [`${id}: ${outcome.reason}`],
    );
    assert.equal(surprises, []);
  });

  test('every listed case fails still, for the reason listed', () => {
    const changed = [...expected].flatMap(([id, reason]) => {
      const outcome = outcomes.get(id);
      const now = outcome === undefined || outcome.kind === 'passed' ? 'passed' : outcome.reason;
      return now.startsWith(reason) ? [] : [`${id}: ${now}, listed as: ${reason}`];
    });
    assert.equal(changed, []);
  });

  test('of the core of the language only what OPA has corrected since is listed', () => {
    const core = cases.filter((one) => one.tier === 'core' && expected.has(one.id));
    assert.equal(
      core.map((one) => one.id),
      ['reachable/test-reachable-paths-1022.json#2'],
    );
  });
} else {
  console.log('SKIP: conformance cases, because ../shared/conformance is not beside this checkout');
}

test.run();
