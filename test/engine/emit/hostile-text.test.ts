/**
 * Text of policies that would be code if it came into generated code as it is: in names, keys, constants, comments, annotations and file
 * names, and in what is known of an input when a policy is specialised for it.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { declarationText } from '../../../control/build/declarations.ts';
import { moduleText } from '../../../control/build/module-text.ts';
import { createDecider } from '../../../engine/decide.ts';
import { codePrelude } from '../../../engine/emit/code-prelude.ts';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { nodeAt } from '../../../engine/interpret/rule-tree.ts';
import { knownPart } from '../../../engine/partial/known-input.ts';
import { Specialiser } from '../../../engine/partial/specialise.ts';
import { compilePolicies, type PolicySet } from '../../../engine/policy-set.ts';
import { prepareQuery } from '../../../engine/prepare-query.ts';
import { explainDecision } from '../../../engine/trace/explain-decision.ts';
import { ENGINEER, inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';

const DECIDES = { packages: ['access'], entrypoints: [] };

const test = suite('engine/emit/hostile-text');

const PAYLOAD = 'globalThis.hacked = 1';
const HOSTILE = [
  `"); ${PAYLOAD}; ("`,
  `'; ${PAYLOAD}; '`,
  `\`$\{${PAYLOAD}}\``,
  `*/ ${PAYLOAD}; /*`,
  `\n${PAYLOAD};\n`,
  `\u2028${PAYLOAD};\u2029`,
  `\\"; ${PAYLOAD}; //`,
  `</script><script>${PAYLOAD}</script>`,
  `//# sourceMappingURL=data:,${PAYLOAD}\n`,
  '__proto__',
  'constructor',
] as const;

/** A policy with the text wherever text can stand. */
function policyWith(text: string): string {
  const quoted = JSON.stringify(text);
  const line = text.replaceAll(/[\n\r\u2028\u2029]/g, ' ');
  return `# METADATA
# title: ${JSON.stringify(line)}
# custom:
#   note: ${JSON.stringify(line)}
package access

# ${line}
names[${quoted}].deep[${quoted}] := ${quoted} # ${line}

texts contains ${quoted}

object := {${quoted}: input.identity.claims[${quoted}], "other": [${quoted}]}

shown := $"${'{input.identity.subject}'}${JSON.stringify(text).slice(1, -1).replaceAll('{', '\\{')}"

allow if {
	input.identity.claims[${quoted}] == ${quoted}
	${quoted} in input.identity.groups
	startswith(input.identity.subject, ${quoted})
	names[${quoted}].deep[${quoted}] == ${quoted}
	texts[${quoted}]
	object[${quoted}] == ${quoted}
	endswith(shown, ${quoted})
	every g in input.identity.groups { regex.replace(g, "^never$", ${quoted}) == g }
	some x in {${quoted}: 1}
	x == 1 with input[${quoted}] as ${quoted} with data[${quoted}] as ${quoted}
}

block contains {"code": ${quoted}, "reason": sprintf(${JSON.stringify(text.replaceAll('%', '%%'))}, [])} if input.identity.subject != ${quoted}

block contains {${quoted}: 1, "code": "c", "reason": concat(${quoted}, ["a", input.identity.subject])} if input.identity.mfa == ${quoted}
`;
}

function compileHostile(text: string): PolicySet {
  const policies = [{ name: `${text}.policy`, text: policyWith(text) }];
  const { policySet, diagnostics } = compilePolicies({ policies });
  if (policySet === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  return policySet;
}

/** Code without its literals holds nothing of a policy, and no character but printable ASCII. */
function assertClean(code: string, what: string): void {
  assert.match(code, /^[\n\x20-\x7e]*$/, `${what}: printable ASCII`);
  const bare = code.replaceAll(/"(?:[A-Za-z0-9 _.,:-]|\\u[0-9a-f]{4})*"/g, '""');
  assert.not.match(bare, /hacked|proto|constructor/, what);
}

function inputWith(text: string) {
  const claims = Object.defineProperty({}, text, { value: text, enumerable: true });
  return inputOf(SELECT_CUSTOMERS, { ...ENGINEER, subject: text, groups: [text], claims });
}

for (const text of HOSTILE) {
  const shown = JSON.stringify(text);

  test(`decisions, documents, queries and explanations: ${shown}`, () => {
    const policySet = compileHostile(text);
    const input = inputWith(text);
    const linked = policySet.code.decision(policySet, ['access']);
    if (typeof linked === 'string') throw new Error(linked);
    assertClean(linked.program.source, 'decision');
    assertClean(policySet.code.program().source, 'program');
    const node = nodeAt(policySet.tree, ['access', 'allow']);
    const watch = node && policySet.code.watch([node]);
    if (watch === undefined || typeof watch === 'string') throw new Error(`${watch}`);
    assertClean(watch.program.source, 'watched rules');
    assert.is(createDecider(policySet).decide(['access'], input).effect, 'allow');
    const evaluation = evaluatePath(policySet, ['access', 'shown'], { input, engine: 'compiled' });
    assert.is(evaluation.ok && evaluation.result, `${text}${text}`);
    const { query } = prepareQuery(policySet, `x := data.access.names[${shown}]`);
    const code = query && policySet.code.query(query.body, query.callees);
    assert.ok(code !== undefined);
    assert.is(explainDecision(policySet, ['access'], input).decision.effect, 'allow');
    assert.is(Reflect.get(globalThis, 'hacked'), undefined);
  });

  test(`policies specialised for what is known: ${shown}`, () => {
    const whole = compileHostile(text);
    const input = inputWith(text);
    const known = knownPart(input, [['identity'], ['resource']]);
    const { policySet } = new Specialiser(whole, known.paths).specialise(known);
    const linked = policySet.code.decision(policySet, ['access']);
    if (typeof linked === 'string') throw new Error(linked);
    assertClean(linked.program.source, 'specialised decision');
    assert.is(createDecider(policySet).decide(['access'], input).effect, 'allow');
    assert.is(Reflect.get(globalThis, 'hacked'), undefined);
  });

  test(`code with its source map, and modules with their types: ${shown}`, () => {
    const policySet = compileHostile(text);
    process.setSourceMapsEnabled(true);
    try {
      assert.is(createDecider(policySet).decide(['access'], inputWith(text)).effect, 'allow');
    } finally {
      process.setSourceMapsEnabled(false);
    }
    const plain = moduleText(policySet, DECIDES, 'policy.js').text;
    const named = moduleText(policySet, DECIDES, `${text}.js`).text;
    const own = (module: string): string => module.slice(module.indexOf('const make = '));
    assertClean(own(plain), 'module');
    const [, url = ''] = /\n\/\/# sourceMappingURL=([^\n]*)\n$/.exec(own(named)) ?? [];
    assert.is(decodeURIComponent(url), `${text}.js.map`);
    assert.match(url, /^[\w.!~*'()%-]*$/);
    const types = declarationText(policySet, DECIDES);
    const bare = types.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""');
    assert.not.match(bare, /hacked/);
    assert.is(Reflect.get(globalThis, 'hacked'), undefined);
  });
}

test('what code begins with is made of numbers and names of this program', () => {
  const constants = HOSTILE.map((text) => text as unknown);
  assert.match(codePrelude({ constants }), /^[\w\s{},=;[\].$]*$/);
});

test.run();
