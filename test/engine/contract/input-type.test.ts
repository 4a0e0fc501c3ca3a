import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePolicies } from '../../../engine/policy-set.ts';

const test = suite('engine/contract/input-type');

/** Faults of rules below `package access`, checked against the contract. */
function faults(text: string, name = 'access.policy'): readonly string[] {
  const policies = [{ name, text: `package access\n\n${text}\n` }];
  return compilePolicies({ policies }, { inputSchema: 'contract' }).diagnostics.map(
    ({ message, help }) => `${message}${help === undefined ? '' : `; ${help}`}`,
  );
}

test('a misspelt field is a fault that names the one that was meant', () => {
  assert.equal(faults('block contains "x" if some s in input.action.sql.statments'), [
    '`input.action.sql` has no field `statments`; did you mean `statements`?',
  ]);
  assert.equal(faults('allow if input.identiy.kind == "human"'), [
    '`input` has no field `identiy`; did you mean `identity`?',
  ]);
});

test('a misspelt field of what a loop runs over is found too', () => {
  assert.equal(
    faults(
      'block contains "x" if {\n\tsome s in input.action.sql.statements\n\ts.clas == "ddl"\n}',
    ),
    ['`s` has no field `clas`; did you mean `class`?'],
  );
});

test('a field is not compared with what it never is', () => {
  assert.equal(faults('allow if input.session.actions == "3"'), [
    'a number can never equal a string',
  ]);
  assert.equal(faults('allow if input.action.kind == 1'), ['a string can never equal a number']);
});

test('the action is that of any kind, so one policy may guard several', () => {
  assert.equal(
    faults(`block contains "a" if input.action.sql.statements[_].opaque
block contains "b" if input.action.http.method == "BREW"
block contains "c" if input.action.kubernetes.namespace == "prod"
block contains "d" if input.action.shell.commands[_].argv[0] == null
block contains "e" if input.action.aws.action == "s3:DeleteBucket"
block contains "f" if input.action.mcp.arguments.path == "/etc"
block contains "g" if input.action.ssh.forward.port > 1024`),
    [],
  );
});

test('claims, labels, bodies and parameters are open', () => {
  assert.equal(
    faults(`allow if input.identity.claims.department.code == 7
allow if input.resource.labels.whatever == "x"
allow if input.action.http.body.user.id == 1
allow if input.action.http.headers["x-a"] == "b"
allow if input.action.aws.parameters.Bucket.Name == "x"`),
    [],
  );
});

test('an identity is known to act for another, as far down as anyone writes', () => {
  assert.equal(
    faults('allow if "a" in input.identity.on_behalf_of.on_behalf_of.on_behalf_of.groups'),
    [],
  );
  assert.equal(faults('allow if input.identity.on_behalf_of.group == "a"'), [
    '`input.identity.on_behalf_of` has no field `group`; did you mean `groups`?',
  ]);
});

test('tests give partial and odd inputs with `with`', () => {
  assert.equal(
    faults(
      `allow if input.identity.kind == "human"
test_partial if allow with input as {"identity": {"kind": "human"}}
test_odd if not allow with input as {"something": {"else": 1}}
test_scalar if not allow with input as 1
test_part if allow with input.identity as {"kind": "human"}
test_field if allow with input.identity.kind as "human"
test_two if allow with input.identity.kind as "human" with input.action as {"sql": {}}`,
      'access_test.policy',
    ),
    [],
  );
});

test('without the contract, input may be anything', () => {
  const policies = [{ name: 'a.policy', text: 'package a\n\nb if input.whatever.it.is\n' }];
  assert.equal(compilePolicies({ policies }).diagnostics, []);
});

test.run();
