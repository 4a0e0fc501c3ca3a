/** Policies that would take more than there is: compiled decisions end as blocks, and the decider goes on. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PolicyInput } from '../../engine/contract/input.ts';
import { createDecider, type DeciderOptions } from '../../engine/decide.ts';
import { compile } from '../support/policies.ts';
import { ENGINEER, inputOf, SELECT_CUSTOMERS } from '../support/policy-input.ts';

const test = suite('engine/hostile-decisions');

/** An input whose `claims.on` lets the costly rule run, and one that does not. */
const [quiet, costly] = [false, true].map((on): PolicyInput => {
  return inputOf(SELECT_CUSTOMERS, { ...ENGINEER, claims: { on } });
}) as [PolicyInput, PolicyInput];

/** `x0` to `xn`, each made of the one before. */
function chain(length: number, first: string, next: (of: string) => string): string {
  const rules = Array.from({ length }, (_, at) => `x${at + 1} := ${next(`x${at}`)}`);
  return [`x0 := ${first}`, ...rules].join('\n\n');
}

const doubled = (of: string): string => `concat("", [${of}, ${of}])`;
const pairs = 'some a in numbers.range(1, 1400); some b in numbers.range(1, 1400)';

/** What a rule asks, and the rules it asks. */
const HOSTILE: Readonly<Record<string, readonly [condition: string, rules?: string]>> = {
  'loops in loops': [
    'some a in numbers.range(1, 900)\n\tsome b in numbers.range(1, 900)\n\tsome c in numbers.range(1, 900)\n\ta + b + c == 0',
  ],
  'a comprehension of millions': [`count([a | ${pairs}]) < 5`],
  'a set of millions': [`count({[a, b] | ${pairs}}) < 5`],
  'a partial rule of millions': ['count(many) < 5', `many contains [a, b] if { ${pairs} }`],
  'a range without end': ['count(numbers.range(1, 1000000000)) < 5'],
  'a text that doubles': ['x40 == "b"', chain(40, '"aaaaaaaaaa"', doubled)],
  'a formatted text that doubles': [
    'x40 == "b"',
    chain(40, '"aaaaaaaaaa"', (of) => `sprintf("%s%s", [${of}, ${of}])`),
  ],
  'a template that doubles': ['x40 == "b"', chain(40, '"aaaaaaaaaa"', (of) => `$"{${of}}{${of}}"`)],
  'an array that doubles': [
    'count(x40) == 7',
    chain(40, '[1]', (of) => `array.concat(${of}, ${of})`),
  ],
  'a deep value that is walked': [
    'walk(x40, [_, v])\n\tv == 7',
    chain(40, '[1]', (of) => `[${of}, ${of}]`),
  ],
  'a deep value that is written': [
    'json.marshal(x40) == "a"',
    chain(40, '[1]', (of) => `[${of}, ${of}]`),
  ],
  'a number that squares': ['x40 == 7', chain(40, '1234567890', (of) => `${of} * ${of}`)],
  'a shift without end': ['bits.lsh(1, 1000000000) == 7'],
  'every match of a long text': [
    'count(regex.find_n("", x20, -1)) == 7',
    chain(20, '"aa"', doubled),
  ],
  'addresses of a large network': ['count(net.cidr_expand("10.0.0.0/4")) == 7'],
  'an encoding of encodings': [
    'count(x60) == 7',
    chain(60, '"aa"', (of) => `base64.encode(${of})`),
  ],
};

for (const [name, [condition, rules = '']] of Object.entries(HOSTILE))
  test(`${name} ends as a block, and the next decision begins anew`, () => {
    const policySet = compile([
      `package access\n\nallow := true\n\n${rules}\n\nblock contains "never" if {\n\tinput.identity.claims.on\n\t${condition}\n}\n`,
    ]);
    const codes: string[] = [];
    const decider = createDecider(policySet, { onError: ({ code }) => void codes.push(code) });
    assert.is(decider.decide(['access'], quiet).effect, 'allow');
    const { effect, reasons } = decider.decide(['access'], costly);
    assert.is(effect, 'block');
    assert.is(reasons[0]?.code, 'policy-error');
    assert.equal(codes, ['eval_limit_error']);
    assert.is(decider.decide(['access'], quiet).effect, 'allow');
  });

test('members of a long array that are sought over and over are work', () => {
  const many = Array.from({ length: 200_000 }, (_, at) => `member ${at}`);
  const input = inputOf(SELECT_CUSTOMERS, { ...ENGINEER, claims: { many } });
  const policySet = compile([
    'package access\n\nallow := true\n\nblock contains "never" if {\n\tsome a in numbers.range(1, 900)\n\tsprintf("%d", [a]) in input.identity.claims.many\n}\n',
  ]);
  // Time stands still: it is steps that end it.
  const { reasons } = createDecider(policySet, { clock: () => 0 }).decide(['access'], input);
  assert.match(reasons[0]?.reason ?? '', 'eval_limit_error: more than 2000000 steps');
});

/** The reason for the block of a decision that goes through a million pairs. */
function reasonWith(options: DeciderOptions): string {
  const policySet = compile([
    `package access\n\nallow := true\n\nblock contains "never" if count([a | ${pairs}]) < 5\n`,
  ]);
  return createDecider(policySet, options).decide(['access'], quiet).reasons[0]?.reason ?? '';
}

test('memory is weighed while a decision takes it, from what was held before', () => {
  let held = 5_000_000_000;
  const gauge = (): number => {
    held += 40_000_000;
    return held;
  };
  assert.match(reasonWith({ gauge }), 'eval_limit_error: more than 256 MB');
  held = 5_000_000_000;
  assert.match(reasonWith({ gauge, limits: { memoryMb: 100 } }), 'more than 100 MB');
  assert.match(reasonWith({ gauge: () => held }), 'more than 2000000 steps');
});

test('time is looked at while a decision takes it, by the clock it is given', () => {
  let now = 0;
  const clock = (): number => {
    now += 10;
    return now;
  };
  assert.match(reasonWith({ clock }), 'eval_limit_error: longer than 1000 ms');
});

test('a decision that takes few steps asks neither the clock nor for memory', () => {
  const asked: string[] = [];
  const policySet = compile(['package access\n\nallow if input.identity.kind == "human"\n']);
  const decider = createDecider(policySet, {
    clock: () => asked.push('clock'),
    gauge: () => asked.push('gauge'),
  });
  for (let time = 0; time < 100; time += 1) decider.decide(['access'], quiet);
  assert.equal(asked, []);
});

test.run();
