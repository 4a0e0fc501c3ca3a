/**
 * Decisions by the shipped policies are made by compiled code: nothing falls back, and the answer is that of the reference.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePolicies, createDecider, type EvaluationError } from '../../engine/index.ts';
import { inputOf, SELECT_CUSTOMERS } from '../support/policy-input.ts';
import { projectRoot } from '../support/source-files.ts';

const shipped = suite('engine/shipped-policies-compile');

const files = readdirSync(join(projectRoot, 'policies'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.policy') && !file.endsWith('_test.policy'));

for (const file of files)
  shipped(`${file} decides without a fault of its code`, () => {
    const text = readFileSync(join(projectRoot, 'policies', file), 'utf8');
    const { policySet } = compilePolicies({ policies: [{ name: file, text }], data: [] });
    if (policySet === undefined) throw new Error(`${file} does not compile`);
    const [, name = ''] = /^package (\S+)/m.exec(text) ?? [];
    const errors: EvaluationError[] = [];
    const decider = createDecider(policySet, { onError: (error) => errors.push(error) });
    const { effect } = decider.decide([name], inputOf(SELECT_CUSTOMERS));
    assert.equal(errors, []);
    assert.ok(effect === 'block' || effect === 'require_approval', effect);
  });

shipped.run();
