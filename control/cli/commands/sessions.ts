/**
 * `sallyport sessions`: recorded sessions, read from the journal itself; it works whether the gateway runs or not. `end` below it
 * asks the gateway.
 */
import type { Command } from 'commander';

import { loadConfig } from '../../config/load.ts';
import { ControlError } from '../../error.ts';
import { readRecorded } from '../../sessions/read-recorded.ts';
import { createSessionIndex, type SessionSummary } from '../../sessions/session-index.ts';
import { registerSessionEnd } from '../end-session.ts';
import { configOption, type Format, formatOption } from '../options.ts';
import { formatTable, plural, printJson } from '../print.ts';

interface SessionsOptions {
  readonly config: string;
  readonly format: Format;
  readonly limit: string;
  readonly subject?: string;
  readonly resource?: string;
}

export function register(program: Command): void {
  const sessions = program
    .command('sessions')
    .description('list recorded sessions, newest first')
    .option('--subject <SUBJECT>', 'only those of this identity, or on its behalf')
    .option('--resource <NAME>', 'only those on this resource')
    .option('--limit <COUNT>', 'at most this many', '50')
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (options: SessionsOptions) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1)
        throw new ControlError('usage/invalid', `\`${options.limit}\` is not a count`, {
          hint: 'write a whole number from 1 on',
        });
      const index = createSessionIndex();
      for await (const record of readRecorded(loadConfig(options.config).journal.dir))
        index.note(record.entry);
      const found = index
        .list()
        .filter((session) => matches(session, options))
        .slice(0, limit);
      if (options.format === 'json') return printJson(found);
      if (found.length === 0) return console.log('no sessions are recorded');
      const header = ['SESSION', 'STARTED', 'WHO', 'RESOURCE', 'CLIENT', 'STATE', 'WHAT'];
      for (const line of formatTable(header, found.map(toRow))) console.log(line);
    });
  registerSessionEnd(sessions);
}

function matches(session: SessionSummary, options: SessionsOptions): boolean {
  const { subject, resource } = options;
  return (
    (subject === undefined || session.subject === subject || session.on_behalf_of === subject) &&
    (resource === undefined || session.resource === resource)
  );
}

function toRow(session: SessionSummary): readonly string[] {
  const parts = [
    plural(session.actions, 'action'),
    ...(session.blocked > 0 ? [`${session.blocked} blocked`] : []),
    ...(session.held > 0 ? [`${session.held} held`] : []),
    plural(session.rows, 'row'),
    ...(session.masked > 0 ? [`${session.masked} masked`] : []),
  ];
  return [
    session.id,
    session.started_at.slice(0, 19).replace('T', ' '),
    session.on_behalf_of === undefined
      ? session.subject
      : `${session.subject} for ${session.on_behalf_of}`,
    session.resource,
    session.client.application || session.client.ip,
    session.ended_at === undefined ? 'open' : 'ended',
    parts.join(', '),
  ];
}
