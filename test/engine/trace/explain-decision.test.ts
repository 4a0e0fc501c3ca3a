import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainDecision } from '../../../engine/trace/explain-decision.ts';
import { explanationText } from '../../../engine/trace/explanation-text.ts';
import { compile } from '../../support/policies.ts';
import { AGENT, inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';

const explaining = suite('engine/trace/explain-decision');

const POLICY = `# METADATA
# scope: package
# title: Access for people
package access

import future.keywords.not

default allow := false

# METADATA
# title: People read
allow if {
	input.identity.kind == "human"
	input.action.class == "read"
}

allow if approved(input.identity)

approved(identity) if "trusted" in identity.groups

block contains {"code": "customers", "reason": "no customers"} if {
	some statement in input.action.sql.statements
	some table in statement.tables
	table.name == "customers"
}

block contains "never" if not input.identity.mfa
`;

function explain(policy = POLICY): ReturnType<typeof explainDecision> {
  return explainDecision(compile([policy]), ['access'], inputOf(SELECT_CUSTOMERS, AGENT));
}

explaining('the decision is that of the decider', () => {
  const { decision } = explain();
  assert.is(decision.effect, 'block');
  assert.equal(
    decision.reasons.map(({ code }) => code),
    ['customers', 'not-allowed'],
  );
});

explaining(
  'every definition of the four documents is tried by itself, the default left out',
  () => {
    const [own] = explain().packages;
    assert.is(own?.title, 'Access for people');
    assert.equal(
      own?.documents.map(({ name, isDefined, definitions }) => [
        name,
        isDefined,
        definitions.map(({ outcome }) => outcome),
      ]),
      [
        ['allow', true, ['fails', 'fails']],
        ['block', true, ['holds', 'fails']],
        ['require_approval', false, []],
        ['mask', false, []],
      ],
    );
  },
);

explaining(
  'a rule that did not apply names the first expression that failed and what it needs',
  () => {
    const text = explanationText(explain());
    assert.match(
      text,
      / {2}does not allow {2}allow, policy-0\.policy:12 {2}People read\n {4}policy-0\.policy:13: input\.identity\.kind == "human"\n {6}`input\.identity\.kind` is "agent", not "human"\n {6}to hold: `input\.identity\.kind` would have to be "human"\n/,
    );
  },
);

explaining(
  'of many rules the one that holds is told wherever it stands, the rest is counted',
  () => {
    const rules = Array.from(
      { length: 100 },
      (_, at) =>
        `block contains {"code": "c-${at}", "reason": "r"} if {\n\tsome statement in input.action.sql.statements\n\tsome table in statement.tables\n\ttable.name == "${at === 60 ? 'customers' : `t-${at}`}"\n}`,
    );
    const { packages, decision } = explain(`package access\n\n${rules.join('\n\n')}\n`);
    assert.is(decision.reasons[0]?.code, 'c-60');
    const block = packages[0]?.documents.find(({ name }) => name === 'block');
    const held = block?.definitions.filter(({ outcome }) => outcome === 'holds');
    assert.equal(
      held?.map(({ line }) => line),
      [3 + 60 * 6],
    );
    assert.is(block?.definitions.length, 13);
    assert.is(block?.omitted, 87);
  },
);

explaining('a function is followed with the arguments of the call', () => {
  const text = explanationText(explain());
  assert.match(
    text,
    /approved \(policy-0\.policy:19\) does not hold\n +policy-0\.policy:19: "trusted" in identity\.groups\n +`identity\.groups` is \[\], without "trusted"/,
  );
});

explaining('a rule that made the decision shows its member and what each expression found', () => {
  const text = explanationText(explain());
  assert.match(
    text,
    / {2}BLOCKS {2}block, policy-0\.policy:21\n {4}\{"code": "customers", "reason": "no customers"\}\n {4}because all of this holds:\n/,
  );
  assert.match(text, /`table\.name` is "customers"/);
});

explaining(
  'an expression tried for several members shows the first few and counts the rest',
  () => {
    const text = explanationText(
      explain('package access\n\nallow if {\n\tsome n in numbers.range(1, 5)\n\tn > 7\n}\n'),
    );
    assert.match(text, /`n` is 1\n[\s\S]*`n` is 3\n[\s\S]*and 2 more times/);
  },
);

explaining('a rule whose evaluation fails is told apart from one that does not apply', () => {
  const text = explanationText(explain('package access\n\nallow if x == 1\n\nx := 1\n\nx := 2\n'));
  assert.match(text, / {2}FAILS {2}allow, policy-0\.policy:3\n.*eval_conflict_error/);
});

explaining('each side of an or is told, and either would do', () => {
  const text = explanationText(
    explain(
      'package access\n\nimport future.keywords.or\n\nallow if input.identity.kind == "human" or input.action.class == "write"\n',
    ),
  );
  assert.match(text, /is "agent", not "human"; `input\.action\.class` is "read", not "write"/);
  assert.match(
    text,
    /would have to be "human", or `input\.action\.class` would have to be "write"/,
  );
});

explaining('every rule can be told, with the expression it failed at and its place', () => {
  const rules = Array.from(
    { length: 100 },
    (_, at) => `block contains "b${at}" if {\n\tinput.identity.kind == "k${at}"\n}\n`,
  );
  const policySet = compile([`package access\n\n${rules.join('\n')}`]);
  const explained = explainDecision(policySet, ['access'], inputOf(SELECT_CUSTOMERS), {
    most: 1_000,
  });
  const block = explained.packages[0]?.documents.find(({ name }) => name === 'block');
  assert.is(block?.omitted, 0);
  const last = block?.definitions[99]?.failures[0];
  assert.equal([last?.line, last?.column], [400, 2]);
  assert.match(last?.readings[0]?.says ?? '', 'is "human", not "k99"');
});

explaining('a rule whose body holds but which says nothing names what has no value', () => {
  const [own] = explain(
    'package access\n\nblock contains {"code": "c", "reason": input.identity.claims.why} if input.identity.kind == "agent"\n',
  ).packages;
  const failure = own?.documents[1]?.definitions[0]?.failures[0];
  assert.is(failure?.text, '{"code": "c", "reason": input.identity.claims.why}');
  assert.match(failure?.readings[0]?.says ?? '', '`input.identity.claims` has no "why"');
});

explaining('rules without a plan are explained by the interpreter', () => {
  const [own] = explain(
    'package access\n\nallow if {\n\tk := "k"\n\t{k: a, "c": 1} = {k: 2, "c": b}\n\ta > b + 7\n}\n',
  ).packages;
  assert.is(own?.documents[0]?.definitions[0]?.failures[0]?.text, 'a > b + 7');
});

explaining.run();
