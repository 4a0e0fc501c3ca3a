/**
 * Steps that were released: their checksums are written down here, once for each engine, and never change.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MIGRATIONS } from '../../../../control/store/migrations/list.ts';
import { findPendingSteps } from '../../../../control/store/migrations/migration.ts';

/** Position, SQLite, PostgreSQL; a released step is added here and never edited. */
const RELEASED: readonly (readonly [string, string])[] = [
  [
    '0001-approvals-grants-revocations',
    'eb9aee6f69ebe0748f7511187431d8a6f21dc4796eda2098ae245ebad6f92f02',
  ],
];

const list = suite('control/store/migrations/list');

list('a released step is what it was', () => {
  const steps = findPendingSteps('sqlite', [], MIGRATIONS);
  for (const [position, [name, checksum]] of RELEASED.entries())
    assert.equal([steps[position]?.name, steps[position]?.checksum], [name, checksum]);
});

list('steps are numbered in their order', () => {
  for (const [position, { name }] of MIGRATIONS.entries())
    assert.is(Number(name.slice(0, 4)), position + 1, name);
});

list.run();
