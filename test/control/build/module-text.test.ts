import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { declarationText } from '../../../control/build/declarations.ts';
import { moduleText } from '../../../control/build/module-text.ts';
import { defineBuiltin } from '../../../engine/builtins/registry.ts';
import type { PolicyInput } from '../../../engine/contract/input.ts';
import { createDecider } from '../../../engine/decide.ts';
import { compilePolicies, type PolicySet } from '../../../engine/policy-set.ts';
import { benchInputs } from '../../bench/decide/bench-inputs.ts';
import { runProgram } from '../../support/run-program.ts';

const test = suite('control/build/module-text');

/** Inputs that the module and the engine decide. */
const INPUTS = 400;

const POLICY = `package access

default allow := false

allow if {
	"engineering" in input.identity.groups
	not is_odd
}

is_odd if endswith(input.identity.subject, "7")

verbs := {"DROP", "DELETE"}

block contains {"code": "no-drop", "reason": sprintf("%s by \\"%s\\" */ \`\${1}\`", [statement.verb, input.identity.subject])} if {
	some statement in input.action.sql.statements
	statement.verb in verbs
}

block contains {"code": "matched", "reason": "a name"} if {
	some statement in input.action.sql.statements
	some table in statement.tables
	regex.match(\`^accounts_[0-9]*3$\`, table.name)
}

mask contains {"code": "pii", "column": column, "with": "last4"} if some column in data.columns

require_approval contains {"code": "ask", "reason": "two", "approvers": {"groups": ["dba"]}} if conflict(input.identity.subject) == 1

conflict(_) := 1

conflict(subject) := 2 if endswith(subject, "3")
`;
const DATA =
  '{"columns": ["*.*.secret", "*.\\u2028.😀"], "big": 12345678901234567890, "one": 1.50}';

function compiled(): PolicySet {
  const { policySet, diagnostics } = compilePolicies({
    policies: [{ name: 'access.policy', text: POLICY }],
    data: [{ name: 'data.json', text: DATA }],
  });
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}

function inputs(): readonly PolicyInput[] {
  return benchInputs('sql', 40, INPUTS);
}

test('a module decides as the engine does, in a process that may not make functions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-module-'));
  try {
    const policySet = compiled();
    const { text, map, packages } = moduleText(policySet, ['access'], 'policy.mjs');
    assert.equal(packages, []);
    writeFileSync(join(folder, 'policy.mjs'), text);
    writeFileSync(join(folder, 'inputs.json'), JSON.stringify(inputs()));
    const program = `
      import { readFileSync } from 'node:fs';
      import { decide, packages, revision } from './policy.mjs';
      const inputs = JSON.parse(readFileSync(new URL('inputs.json', import.meta.url), 'utf8'));
      let refused = '';
      try { new Function('return 1'); } catch (error) { refused = error.name; }
      console.log(JSON.stringify({ refused, packages, revision, decisions: inputs.map((input) => decide(input)) }));`;
    writeFileSync(join(folder, 'main.mjs'), program);
    const flag = '--disallow-code-generation-from-strings';
    const run = await runProgram(process.execPath, [flag, join(folder, 'main.mjs')]);
    assert.is(run.code, 0, run.stderr);
    assert.is(run.stderr, '');
    const got = JSON.parse(run.stdout) as Record<string, unknown>;
    assert.is(got['refused'], 'EvalError');
    assert.equal(got['packages'], ['access']);
    assert.is(got['revision'], policySet.revision);
    const decider = createDecider(policySet);
    const wanted = inputs().map((input) => decider.decide(['access'], input));
    assert.equal(got['decisions'], JSON.parse(JSON.stringify(wanted)));
    const codes = new Set(wanted.flatMap(({ reasons }) => reasons.map(({ code }) => code)));
    for (const code of ['matched', 'not-allowed', 'policy-error']) assert.ok(codes.has(code), code);
    assert.ok(wanted.some(({ approvals }) => approvals.some(({ code }) => code === 'ask')));
    assert.ok(map.mappings.replaceAll(';', '') !== '');
    assert.equal(map.sources, ['access.policy']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('text of a policy is in a module as escaped literals only', () => {
  const { text } = moduleText(compiled(), ['access'], 'policy.mjs');
  assert.not.match(text, /\*\/ `\$/);
  assert.not.match(text, /\u2028|😀/);
});

test('the types name the codes that the policies decide with', () => {
  const types = declarationText(compiled(), ['access']);
  assert.match(
    types,
    /export type Code = "allowed" \| "ask" \| "matched" \| "no-drop" \| "not-allowed" \| "pii" \| "policy-error";/,
  );
  assert.match(types, /export declare const packages: readonly \["access"\];/);
  assert.match(types, /export declare const MASK_METHODS: readonly \[/);
  assert.not.match(types, /^import|^export const/m);
});

test('a builtin of the host cannot be carried', () => {
  const where = defineBuiltin({
    name: 'geo.far',
    args: ['x: any'],
    result: 'boolean',
    fn: () => true,
  });
  const { policySet } = compilePolicies(
    { policies: [{ name: 'a.policy', text: 'package access\n\nallow if geo.far(input)\n' }] },
    { builtins: [where] },
  );
  assert.ok(policySet);
  assert.throws(
    () => policySet && moduleText(policySet, ['access'], 'policy.mjs'),
    (error: unknown) =>
      error instanceof Error && 'code' in error && error.code === 'build/unwritable',
  );
});

test.run();
