/** Numbers: spelling, comparison, and arithmetic with OPA's digits. Expected texts come from OPA 1.21.1. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as arithmetic from '../../../engine/value/arithmetic.ts';
import { isFault } from '../../../engine/value/fault.ts';
import {
  compareNumbers,
  fromInteger,
  numberKey,
  numberText,
  parseNumber,
} from '../../../engine/value/number.ts';
import type { RegoNumber } from '../../../engine/value/value.ts';

const test = suite('engine/value/number');

function number(text: string): RegoNumber {
  const parsed = parseNumber(text);
  if (parsed === undefined) throw new TypeError(`${text} is no number`);
  return parsed;
}

function show(result: arithmetic.ArithmeticResult): string {
  return isFault(result) ? `fault: ${result.message}` : numberText(result);
}

test('keeps the spelling of every literal', () => {
  for (const text of ['0', '-0', '1.50', '1e3', '1E+5', '12345678901234567890', '0.1', '1e400']) {
    assert.is(numberText(number(text)), text);
  }
});

test('refuses what is not a JSON number', () => {
  for (const text of ['', '01', '+1', '.5', '1.', 'NaN', '0x1', '1e', ' 1']) {
    assert.is(parseNumber(text), undefined, text);
  }
});

test('computes fractions in a 64-bit mantissa with the shortest digits', () => {
  assert.is(show(arithmetic.add(number('0.1'), number('0.2'))), '0.3');
  assert.is(show(arithmetic.add(number('1.1'), number('2.2'))), '3.3000000000000000002');
  assert.is(show(arithmetic.divide(1, 3)), '0.33333333333333333334');
  assert.is(show(arithmetic.multiply(number('4.35'), 100)), '435');
  assert.is(show(arithmetic.multiply(number('1234567.5'), 1)), '1.2345675e+06');
  assert.is(show(arithmetic.divide(0, -7)), '-0');
  assert.is(show(arithmetic.add(number('123456789012345678901.5'), 1000)), '123456789012345679900');
});

test('accumulates products with a fraction in 53 bits', () => {
  const factors = ['0.1', '0.2', '0.3'].map(number);
  assert.is(show(arithmetic.multiplyAll(factors)), '0.006');
});

test('rounds half away from zero, and near zero as OPA does', () => {
  assert.is(show(arithmetic.round(number('2.5'))), '3');
  assert.is(show(arithmetic.round(number('-2.5'))), '-3');
  assert.is(show(arithmetic.floor(number('-0.5'))), '0');
  assert.is(show(arithmetic.ceil(number('-0.5'))), '1');
  assert.is(show(arithmetic.floor(number('-2.1'))), '-3');
});

test('answers division by zero and modulo on fractions with a fault', () => {
  assert.is(show(arithmetic.divide(1, number('0.0'))), 'fault: divide by zero');
  assert.is(show(arithmetic.remainder(1, 0)), 'fault: modulo by zero');
  assert.is(show(arithmetic.remainder(number('1.5'), 1)), 'fault: modulo on floating-point number');
});

test('the sign of a zero counts where a fraction or a quotient is concerned, as in OPA', () => {
  const product = (a: string, b: string): string => show(arithmetic.multiply(number(a), number(b)));
  assert.equal(
    [product('-0', '0.5'), product('-0', '-0.5'), product('0', '-0.5'), product('-0.0', '1')],
    ['-0', '0', '-0', '0'],
  );
  assert.is(show(arithmetic.divide(number('-0'), 3)), '-0');
  assert.is(show(arithmetic.divide(number('-0'), -3)), '0');
  assert.is(show(arithmetic.multiplyAll([0, number('-0.5')])), '-0');
});

test('bounds exponents and products instead of computing for ever', () => {
  const huge = number('1e999999999');
  assert.match(show(arithmetic.add(huge, number('0.5'))), /^fault: number exceeds the limit/);
  const long = fromInteger(10n ** 60_000n + 1n);
  assert.match(show(arithmetic.multiply(long, long)), /^fault: product exceeds the limit/);
});

test('integers stay exact at any size', () => {
  void fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
      assert.is(show(arithmetic.add(fromInteger(a), fromInteger(b))), String(a + b));
      assert.is(show(arithmetic.subtract(fromInteger(a), fromInteger(b))), String(a - b));
      assert.is(show(arithmetic.multiply(fromInteger(a), fromInteger(b))), String(a * b));
    }),
  );
});

const decimal = fc
  .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -6, max: 6 }))
  .map(([mantissa, exponent]) => [`${mantissa}e${exponent}`, mantissa, exponent] as const);

test('compares by value whatever the spelling, and equal numbers share a key', () => {
  void fc.assert(
    fc.property(decimal, decimal, ([a, am, ae], [b, bm, be]) => {
      const scaled = BigInt(am) * 10n ** BigInt(ae + 6) - BigInt(bm) * 10n ** BigInt(be + 6);
      const order = compareNumbers(number(a), number(b));
      assert.is(Math.sign(order), scaled < 0n ? -1 : scaled > 0n ? 1 : 0);
      assert.is(numberKey(number(a)) === numberKey(number(b)), scaled === 0n);
    }),
  );
});

test.run();
