/**
 * What a connection did before that changes what a later text means: `search_path`, the role, how dates are read, temporary
 * tables over others. An approval is asked for with it and bound to it. It must not decide, and only ever grows: whether a
 * change took effect or was undone is not followed.
 */
import { hash } from 'node:crypto';
import { REASON_SETTING } from '../gate/client-reason.ts';
import type { AnalysedStatement } from '../sql/facts.ts';

/** Changes that are shown; of more, the first ones are told by their hash. */
const MAX_SHOWN = 20;
/** UTF-16 units of one change. */
const MAX_SHOWN_LENGTH = 500;

/** Settings that change how long things may take, how results are printed, or what is remarked; never what a statement does. */
const HARMLESS: ReadonlySet<string> = new Set([
  'application_name',
  'bytea_output',
  'client_encoding',
  'client_min_messages',
  'extra_float_digits',
  'idle_in_transaction_session_timeout',
  'jit',
  'lock_timeout',
  REASON_SETTING,
  'standard_conforming_strings',
  'statement_timeout',
  'work_mem',
]);

export interface SessionContext {
  /** A statement was let through. */
  note(statement: AnalysedStatement): void;
  /** One line for each change, oldest first; empty for a session as it began. */
  readonly lines: readonly string[];
}

/** `settings` are those of the start-up packet. */
export function createSessionContext(settings: ReadonlyMap<string, string>): SessionContext {
  let lines: readonly string[] = [];
  const add = (line: string): void => {
    const plain = line.replace(/\s+/g, ' ');
    const shown =
      plain.length <= MAX_SHOWN_LENGTH
        ? plain
        : `${plain.slice(0, MAX_SHOWN_LENGTH)}… sha256:${hash('sha256', line, 'hex')}`;
    const all = [...lines, shown];
    const folded = all.slice(0, all.length - MAX_SHOWN + 1);
    lines =
      all.length <= MAX_SHOWN
        ? all
        : [`… sha256:${hash('sha256', folded.join('\n'), 'hex')}`, ...all.slice(folded.length)];
  };
  for (const [name, value] of settings) {
    if (!HARMLESS.has(name.toLowerCase())) add(`${name} = ${value}`);
  }
  return {
    note(analysed) {
      if (changesMeaning(analysed)) add(analysed.statement.text);
    },
    get lines() {
      return lines;
    },
  };
}

function changesMeaning({ statement, detail }: AnalysedStatement): boolean {
  if (detail.changesNames || statement.settings.some(({ name }) => !HARMLESS.has(name)))
    return true;
  // RESET ALL and DISCARD name no setting, and change every one.
  if (statement.verb === 'RESET' || statement.verb === 'DISCARD') return true;
  const creates =
    statement.into !== undefined || statement.tables.some(({ access }) => access === 'create');
  return creates && isTemporary(statement.text, statement.tables);
}

/** Said with TEMP, or by the name of the schema; a text that merely holds the word counts too. */
function isTemporary(text: string, tables: readonly { readonly schema: string }[]): boolean {
  return /temp/i.test(text) || tables.some(({ schema }) => schema.startsWith('pg_temp'));
}
