/**
 * Judges the SQL analyser by a list of statements with what a correct one must report (format: README of the conformance
 * data), and prints one JSON line `{total, right, wrong, refused}`.
 *
 * Usage: node test/conformance/facts.ts --dialect postgres --cases FILE.jsonl [--major 15] [--list]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createSqlAnalyser } from '../../proxy/sql/analyser.ts';
import type { PostgresMajor, SqlKnown } from '../../proxy/sql/facts.ts';

export interface FactsCase {
  readonly id: string;
  readonly sql: string;
  readonly expect: {
    readonly verbs: readonly string[];
    readonly tables_read: readonly string[];
    readonly tables_written: readonly string[];
    readonly functions: readonly string[];
  };
  readonly server15: string;
}

export interface FactsFault {
  readonly id: string;
  readonly sql: string;
  readonly why: string;
}

export interface FactsTotals {
  readonly total: number;
  readonly right: number;
  readonly wrong: number;
  readonly refused: number;
  readonly faults: readonly FactsFault[];
}

const qualify = (schema: string | undefined, name: string): string =>
  schema === undefined || schema === '' ? name : `${schema}.${name}`;

/** What the analyser reported, in the list's own shape. */
export function reported(facts: SqlKnown): FactsCase['expect'] {
  const tables = facts.statements.flatMap(({ tables }) => tables);
  const names = (read: boolean): string[] =>
    tables
      .filter(({ access }) => (access === 'read') === read)
      .map(({ schema, name }) => qualify(schema, name));
  return {
    verbs: facts.statements.flatMap(({ verbs }) => verbs),
    tables_read: names(true),
    tables_written: names(false),
    functions: facts.statements.flatMap(({ functions }) =>
      functions.map(({ schema, name }) => qualify(schema, name)),
    ),
  };
}

function difference(expected: FactsCase['expect'], facts: SqlKnown): string | undefined {
  const actual = reported(facts);
  for (const key of ['tables_read', 'tables_written', 'functions'] as const) {
    const [want, got] = [expected[key], actual[key]].map((list) =>
      JSON.stringify([...new Set(list)].sort()),
    );
    if (want !== got) return `${key}: expected ${want}, got ${got}`;
  }
  return expected.verbs.length === actual.verbs.length
    ? undefined
    : `statements: expected ${expected.verbs.join(', ')}, got ${actual.verbs.join(', ')}`;
}

export function readCases(file: string): readonly FactsCase[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): FactsCase => JSON.parse(line));
}

/** Runs a list; a statement the server refuses is right when refused here. */
export async function judgeCases(
  cases: readonly FactsCase[],
  majorVersion: PostgresMajor,
): Promise<FactsTotals> {
  const analyser = await createSqlAnalyser({ majorVersion });
  const faults: FactsFault[] = [];
  let [right, wrong, refused] = [0, 0, 0];
  for (const { id, sql, expect, server15 } of cases) {
    const facts = await analyser.analyse(sql);
    const accepted = server15 === 'accepted';
    if (!facts.ok && accepted) refused += 1;
    const why = facts.ok
      ? accepted
        ? difference(expect, facts)
        : 'accepted, but the server refuses it'
      : accepted
        ? `refused: ${facts.refusal.message}`
        : undefined;
    if (why === undefined) right += 1;
    else faults.push({ id, sql, why });
    if (why !== undefined && facts.ok) wrong += 1;
  }
  await analyser.close();
  return { total: cases.length, right, wrong, refused, faults };
}

function isMajor(value: number): value is PostgresMajor {
  return value === 15 || value === 16 || value === 17 || value === 18;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', default: 'postgres' },
      cases: { type: 'string' },
      major: { type: 'string', default: '15' },
      list: { type: 'boolean', default: false },
    },
  });
  const major = Number(values.major);
  if (values.dialect !== 'postgres' || values.cases === undefined || !isMajor(major)) {
    console.error(
      'usage: facts --dialect postgres --cases FILE.jsonl [--major 15|16|17|18] [--list]',
    );
    return 2;
  }
  const { faults, ...totals } = await judgeCases(readCases(values.cases), major);
  if (values.list) for (const { id, sql, why } of faults) console.log(`${id}: ${sql}\n    ${why}`);
  console.log(JSON.stringify(totals));
  return totals.right === totals.total ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
