import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { declarationText } from '../../../control/build/declarations.ts';
import { moduleText } from '../../../control/build/module-text.ts';
import { defineBuiltin } from '../../../engine/builtins/registry.ts';
import type { PolicyInput } from '../../../engine/contract/input.ts';
import { createDecider } from '../../../engine/decide.ts';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { compilePolicies, type PolicySet } from '../../../engine/policy-set.ts';
import { toPlain } from '../../../engine/value/plain.ts';
import { benchInputs } from '../../bench/decide/bench-inputs.ts';
import { runProgram } from '../../support/run-program.ts';

const DECIDES = { packages: ['access'], entrypoints: [] };

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
    const { text, map, packages } = moduleText(policySet, DECIDES, 'policy.mjs');
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

test('its source map leads from code of decisions and of documents to lines of the policies', () => {
  const contract = { packages: ['access'], entrypoints: ['access/verbs', 'access/is_odd'] };
  const { text, map } = moduleText(compiled(), contract, 'policy.mjs');
  const read = new SourceMap(JSON.parse(JSON.stringify(map)));
  const lines = text.split('\n');
  const parts = ['const make = ', 'const makeDocuments = '].map((start) =>
    lines.findIndex((line) => line.startsWith(start)),
  );
  // Of the rule `is_odd`: its line in the policy, counted from 0.
  const wanted = POLICY.split('\n').findIndex((line) => line.startsWith('is_odd if'));
  for (const part of parts) {
    const call = lines.findIndex((line, at) => at > part && line.includes('.endsWith('));
    const found = read.findEntry(call, 0);
    assert.ok('originalLine' in found, `${part}`);
    assert.equal([found.originalSource, found.originalLine], ['access.policy', wanted]);
  }
});

test('text of a policy is in a module as escaped literals only', () => {
  const { text } = moduleText(compiled(), DECIDES, 'policy.mjs');
  assert.not.match(text, /\*\/ `\$/);
  assert.not.match(text, /\u2028|😀/);
});

test('the types name the codes that the policies decide with', () => {
  const types = declarationText(compiled(), DECIDES);
  assert.match(
    types,
    /export type Code = "allowed" \| "ask" \| "matched" \| "no-drop" \| "not-allowed" \| "pii" \| "policy-error";/,
  );
  assert.match(types, /export declare const packages: readonly \["access"\];/);
  assert.match(types, /export declare const MASK_METHODS: readonly \[/);
  assert.not.match(types, /^import|^export const/m);
});

const DOCUMENTS = `package app

roles contains role if some role in data.people[input.who].roles

level := data.people[input.who].level

level := 0 if not data.people[input.who]

deep.tree[name] := count(person.roles) if some name, person in data.people

adult(n) if n > 17

torn := 1

torn := 2 if input.who == "torn"

big := 12345678901234567890

endless if { some a in numbers.range(1, 5000); some b in numbers.range(1, 5000); a + b < 0 }
`;

test('documents of a module are evaluated as the engine does, by their entrypoints alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-documents-'));
  try {
    const { policySet } = compilePolicies({
      policies: [{ name: 'app.policy', text: DOCUMENTS }],
      data: [{ name: 'd.json', text: '{"people":{"ada":{"roles":["dev","ops"],"level":3}}}' }],
    });
    assert.ok(policySet);
    const names = ['roles', 'level', 'deep', 'torn', 'big', 'endless'].map((name) => `app/${name}`);
    const contract = { packages: [], entrypoints: [...names, 'app/deep/tree/ada'] };
    const { text, interpreted } = moduleText(policySet, contract, 'app.mjs');
    assert.is(interpreted, undefined);
    writeFileSync(join(folder, 'app.mjs'), text);
    const program = `
      import * as app from './app.mjs';
      const answers = app.entrypoints.flatMap((name) => ['ada', 'torn', 7].map((who) => app.evaluate(name, { who })));
      let refused = '';
      try { app.evaluate('app/adult', {}); } catch (error) { refused = error.name + ': ' + error.message; }
      const plain = (_, value) => typeof value === 'bigint' ? value + 'n' : value;
      console.log(JSON.stringify({ names: Object.keys(app), refused, answers }, plain));`;
    writeFileSync(join(folder, 'main.mjs'), program);
    const flag = '--disallow-code-generation-from-strings';
    const run = await runProgram(process.execPath, [flag, join(folder, 'main.mjs')]);
    assert.is(run.code, 0, run.stderr);
    const got = JSON.parse(run.stdout) as Record<string, unknown>;
    assert.equal(got['names'], ['entrypoints', 'evaluate', 'revision']);
    assert.match(
      `${got['refused']}`,
      'RangeError: "app/adult" is none of the entrypoints app/roles',
    );
    const wanted = contract.entrypoints.flatMap((name) =>
      ['ada', 'torn', 7].map((who) => {
        const evaluation = evaluatePath(policySet, name.split('/'), { input: { who } });
        if (!evaluation.ok) return evaluation.error.code;
        return evaluation.result && toPlain(evaluation.result);
      }),
    );
    const answers = got['answers'] as readonly {
      readonly result?: unknown;
      readonly error?: { readonly code: string };
    }[];
    assert.equal(
      JSON.stringify(answers.map(({ result, error }) => error?.code ?? result)),
      JSON.stringify(wanted, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
    );
    assert.ok(wanted.includes('eval_conflict_error') && wanted.includes('eval_limit_error'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the types name the entrypoints, and nothing of decisions where none is made', () => {
  const contract = { packages: [], entrypoints: ['app/roles', 'app/level'] };
  const types = declarationText(compiled(), contract);
  assert.match(types, 'export declare const entrypoints: readonly ["app/roles", "app/level"];');
  assert.match(types, 'evaluate: (entrypoint: Entrypoint, input?: unknown) => Evaluation;');
  assert.not.match(types, /PolicyInput|decide/);
});

test('documents without code are interpreted, and whoever builds is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-documents-'));
  try {
    const rule = 'x := [a, b] if {\n\tk := input.k\n\t{k: a, "c": 1} = {k: 2, "c": b}\n}';
    const { policySet } = compilePolicies({
      policies: [{ name: 'p.policy', text: `package p\n\n${rule}\n` }],
    });
    assert.ok(policySet);
    const contract = { packages: [], entrypoints: ['p/x'] };
    const { text, interpreted } = moduleText(policySet, contract, 'p.mjs');
    assert.is(interpreted, 'data.p.x: two object patterns with keys that are no constants');
    writeFileSync(join(folder, 'p.mjs'), text);
    const main =
      "import { evaluate } from './p.mjs';\nconsole.log(JSON.stringify(evaluate('p/x', { k: 'a' })));";
    writeFileSync(join(folder, 'main.mjs'), main);
    const run = await runProgram(process.execPath, [join(folder, 'main.mjs')]);
    assert.is(run.stdout, '{"ok":true,"result":[2,1]}\n', run.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
    () => policySet && moduleText(policySet, DECIDES, 'policy.mjs'),
    (error: unknown) =>
      error instanceof Error && 'code' in error && error.code === 'build/unwritable',
  );
});

test.run();
