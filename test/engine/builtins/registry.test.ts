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
import { isFault, limitError } from '../../../engine/value/fault.ts';

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

test.run();
