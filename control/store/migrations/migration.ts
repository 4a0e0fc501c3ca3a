/**
 * The store's schema as numbered steps, each in the words of both engines. A step that has been released is never edited: each is
 * recorded with a checksum, and a difference stops the start. Nothing is run in here.
 */
import { createHash } from 'node:crypto';
import { ControlError } from '../../error.ts';

export type Engine = 'sqlite' | 'postgres';

export interface Migration {
  readonly name: string;
  /** One or more statements. */
  readonly sqlite: string;
  readonly postgres: string;
}

/** A step as a store remembers it. */
export interface AppliedStep {
  readonly name: string;
  readonly checksum: string;
}

export interface PendingStep extends AppliedStep {
  /** From 0. */
  readonly position: number;
  readonly sql: string;
}

/** What is missing, in order. Throws `store/migration-changed` or `store/newer-schema`. */
export function findPendingSteps(
  engine: Engine,
  applied: readonly AppliedStep[],
  migrations: readonly Migration[],
): readonly PendingStep[] {
  if (applied.length > migrations.length)
    throw new ControlError('store/newer-schema', 'the store was written by a newer Sallyport', {
      hint: 'run that version or a later one, or name another store',
    });
  return migrations.flatMap((migration, position) => {
    const { name, [engine]: sql } = migration;
    const checksum = createHash('sha256').update(sql).digest('hex');
    const before = applied[position];
    if (before === undefined) return [{ position, name, checksum, sql }];
    if (before.name !== name || before.checksum !== checksum)
      throw new ControlError(
        'store/migration-changed',
        `step ${before.name} of the store differs from the one it was made with`,
        { hint: 'run the version that made the store, or name another store' },
      );
    return [];
  });
}
