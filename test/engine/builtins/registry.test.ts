/** The table of builtins, the registration of a host's own, and the budget every call is counted against. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuiltinContext } from '../../../engine/builtins/context.ts';
import { createBuiltinTable, defineBuiltin } from '../../../engine/builtins/registry.ts';
import {
  EVALUATOR_BUILTINS,
  REFUSED_BUILTINS,
  readSignatures,
} from '../../../engine/builtins/signatures.ts';
import { parseSignature } from '../../../engine/builtins/type-shape.ts';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { isFault, limitError } from '../../../engine/value/fault.ts';
import { compile } from '../../support/policies.ts';

const test = suite('engine/builtins/registry');

test('has every builtin of OPA that is neither refused nor the evaluator’s', () => {
  const table = createBuiltinTable();
  const absent: string[] = [...REFUSED_BUILTINS, ...EVALUATOR_BUILTINS];
  for (const name of readSignatures().keys()) {
    assert.is(table.has(name), !absent.includes(name), name);
  }
});

test('lets the host define a typed builtin', () => {
  const own = defineBuiltin({
    name: 'text.twice',
    args: ['x: string'],
    result: 'string',
    fn: (_ctx, x) => `${String(x)}${String(x)}`,
  });
  const builtin = createBuiltinTable([own]).get('text.twice');
  assert.is(builtin?.signature.parameters[0]?.type.kind, 'string');
  const result = builtin?.kind === 'function' ? builtin.call(createBuiltinContext(), ['ab']) : '';
  assert.is(result, 'abab');
});

test('refuses a malformed type when it is defined', () => {
  assert.throws(() => parseSignature('(x: strin) => any'), /malformed signature/);
  assert.throws(() => parseSignature('(x: array[any) => any'), /malformed signature/);
});

test('stops when the budget is spent, before the work', () => {
  const ctx = createBuiltinContext({
    charge: (steps) => (steps > 100 ? limitError('budget spent') : undefined),
  });
  const range = createBuiltinTable().get('numbers.range');
  const result = range?.kind === 'function' ? range.call(ctx, [1, 1000]) : undefined;
  assert.ok(isFault(result));
  assert.is(isFault(result) ? result.code : '', 'eval_limit_error');
});

test('walks a value depth first, itself first', () => {
  const walk = createBuiltinTable().get('walk');
  const results = walk?.kind === 'relation' ? walk.iterate(createBuiltinContext(), [[1, [2]]]) : [];
  assert.equal(isFault(results) ? [] : [...results], [
    [[], [1, [2]]],
    [[0], 1],
    [[1], [2]],
    [[1, 0], 2],
  ]);
});

test('a builtin of the host is called with what it declares, and what it gives is held against its type', () => {
  const builtins = [
    defineBuiltin({
      name: 'my.sum',
      args: ['xs: array[number]', 'more: object<base: number>'],
      result: 'number',
      fn: (_ctx, xs) => (Array.isArray(xs) ? xs.length : 0),
    }),
    defineBuiltin({ name: 'my.lie', args: [], result: 'array[string]', fn: () => [1] }),
    defineBuiltin({ name: 'my.nan', args: [], result: 'number', fn: () => Number.NaN }),
  ];
  const answer = (call: string, strictBuiltinErrors: boolean): string => {
    const policySet = compile([`package p\n\nq := ${call}\n`], { builtins });
    const input = { xs: [1, 2], mixed: [1, 'a'], base: { base: 1 }, other: { base: 1, x: 2 } };
    const evaluation = evaluatePath(policySet, ['p', 'q'], { input, strictBuiltinErrors });
    return evaluation.ok ? String(evaluation.result) : evaluation.error.message;
  };
  assert.is(answer('my.sum(input.xs, input.base)', true), '2');
  assert.is(answer('my.sum(input.mixed, input.base)', false), 'undefined');
  assert.is(
    answer('my.sum(input.mixed, input.base)', true),
    'my.sum: operand 1 must be array[number] but got array',
  );
  assert.match(
    answer('my.sum(input.xs, input.other)', true),
    'operand 2 must be object<base: number>',
  );
  assert.is(answer('my.lie()', false), 'my.lie gave a value that is no array[string]');
  assert.is(answer('my.nan()', false), 'NaN is not a number of Rego');
});

test('a builtin that no policy could call is refused when it is defined', () => {
  for (const name of ['a b', '', 'a.', '1x'])
    assert.throws(
      () => defineBuiltin({ name, args: [], result: 'any', fn: () => null }),
      /no policy can call/,
    );
});

test.run();
