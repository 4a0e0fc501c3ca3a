/** Formatting and every fix leave the outcome of OPA's own cases as it is. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareMeaning, conformanceCases } from './fixed-meaning.ts';

const test = suite('conformance/fixed-meaning');
const cases = conformanceCases();

if (cases === undefined)
  console.log('SKIP: conformance cases, because ../shared/conformance is not beside this checkout');
else
  test('a case that is fixed and formatted comes to what it came to before', () => {
    const { formatted, fixed, changed } = compareMeaning(cases);
    assert.equal(changed, []);
    assert.ok(formatted > 200, `${formatted} formatted`);
    assert.ok(fixed >= 5, `${fixed} fixed`);
  });

test.run();
