/**
 * The way from a SQL text to its facts. Stub of the signature; the body follows.
 */
import { refuse } from '../gate/refusal.ts';
import type { PostgresMajor, SqlAnalyser } from './facts.ts';

export interface SqlAnalyserOptions {
  readonly majorVersion: PostgresMajor;
}

export async function createSqlAnalyser(_options: SqlAnalyserOptions): Promise<SqlAnalyser> {
  return {
    analyse: () => ({
      ok: false,
      refusal: refuse('unavailable', 'sql/parser', 'the analyser is not ready'),
    }),
    close: async () => {},
  };
}
