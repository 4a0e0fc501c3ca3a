/** What a refused person is told to have changed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainDecision } from '../../../engine/trace/explain-decision.ts';
import { wayToPass } from '../../../engine/trace/way-to-pass.ts';
import { compile } from '../../support/policies.ts';
import { AGENT, inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';

const telling = suite('engine/trace/way-to-pass');

/** What is told of an agent's SELECT of customers. */
function way(policy: string): readonly string[] {
  const policySet = compile([`package access\n\n${policy}`]);
  return wayToPass(explainDecision(policySet, ['access'], inputOf(SELECT_CUSTOMERS, AGENT)));
}

telling(
  'of a block the conditions are told, without those that only name what is looked at',
  () => {
    const found = way(`allow := true

block contains {"code": "customers", "reason": "no customers"} if {
	some statement in input.action.sql.statements
	some table in statement.tables
	name := table.name
	name == "customers"
	input.identity.kind == "agent"
}
`);
    assert.equal(found, [
      'To pass, each of these would have to be otherwise:',
      '  customers (access.block, policy-0.policy:5) blocks while all of this holds:',
      '    name == "customers"',
      '      `name` is "customers"',
      '    input.identity.kind == "agent"',
      '      `input.identity.kind` is "agent"',
    ]);
  },
);

telling('what is negated is told with what its rules lack', () => {
  const found = way(`allow := true

block contains {"code": "untrusted", "reason": "not trusted"} if not trusted

trusted if "trusted" in input.identity.groups
`);
  assert.equal(found.slice(1), [
    '  untrusted (access.block, policy-0.policy:5) blocks while this holds:',
    '    not trusted',
    '      `trusted` has no value',
    '      instead: `input.identity.groups` would have to contain "trusted"  (policy-0.policy:7)',
  ]);
});

telling('where nothing allows it, each rule tells what it lacks first, by its title', () => {
  const found = way(`default allow := false

# METADATA
# title: People read
allow if input.identity.kind == "human"

allow if "trusted" in input.identity.groups
`);
  assert.equal(found.slice(1), [
    '  access does not allow it; one of its rules would have to, and at least:',
    '    People read: `input.identity.kind` would have to be "human"  (policy-0.policy:7)',
    '    `input.identity.groups` would have to contain "trusted"  (policy-0.policy:9)',
  ]);
});

telling('what asks for approval is told where that is all that is in the way', () => {
  const [first, second] = way(`allow := true

require_approval contains {"code": "agent", "reason": "agents ask", "approvers": {"groups": ["dba"]}} if {
	input.identity.kind == "agent"
}
`);
  assert.is(first, 'To pass without approval, each of these would have to be otherwise:');
  assert.match(second ?? '', /^ {2}agent \(access\.require_approval, .*\) asks for approval while/);
});

telling('of many rules the first few are told and the rest counted', () => {
  const rules = Array.from(
    { length: 8 },
    (_, at) => `block contains {"code": "c${at}", "reason": "r"} if input.identity.kind == "agent"`,
  );
  const found = way(`allow := true\n\n${rules.join('\n\n')}\n`);
  assert.equal([found.at(-1), found.length], ['    and 2 more, told below', 1 + 6 * 3 + 1]);
});

telling('of what passes nothing is told', () => {
  assert.equal(way('allow := true\n'), []);
});

telling.run();
