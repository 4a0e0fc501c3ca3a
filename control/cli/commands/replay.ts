/**
 * `sallyport replay`: a session as the journal has it, in the order in which it happened.
 */
import type { Command } from 'commander';
import type { JournalEntry } from '../../../proxy/gate/record.ts';

import { loadConfig } from '../../config/load.ts';
import { ControlError } from '../../error.ts';
import { readRecorded } from '../../sessions/read-recorded.ts';
import { configOption, type Format, formatOption } from '../options.ts';
import { printJson } from '../print.ts';
import { describeEntry } from '../replay-text.ts';

interface ReplayOptions {
  readonly config: string;
  readonly format: Format;
}

export function register(program: Command): void {
  program
    .command('replay')
    .description('print what happened in a session, from the journal')
    .argument(
      '<SESSION>',
      'the session, as `sallyport sessions` lists it; its first characters are enough',
    )
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (session: string, options: ReplayOptions) => {
      const { journal } = loadConfig(options.config);
      const id = await completeId(journal.dir, session);
      const entries: JournalEntry[] = [];
      for await (const record of readRecorded(journal.dir, { session: id }))
        entries.push(record.entry);
      if (options.format === 'json') return printJson(entries);
      for (const entry of entries) for (const line of describeEntry(entry)) console.log(line);
    });
}

/** The one recorded session that begins with these characters. */
async function completeId(dir: string, prefix: string): Promise<string> {
  const found = new Set<string>();
  for await (const { entry } of readRecorded(dir, {
    types: ['session.opened', 'session.refused'],
  }))
    if ('session' in entry && entry.session.startsWith(prefix)) found.add(entry.session);
  const [id, another] = found;
  if (id === undefined)
    throw new ControlError('session/not-found', `no recorded session begins with ${prefix}`, {
      hint: '`sallyport sessions` lists them',
    });
  if (another !== undefined && !found.has(prefix))
    throw new ControlError('session/not-found', `${found.size} sessions begin with ${prefix}`, {
      hint: 'give more characters',
    });
  return found.has(prefix) ? prefix : id;
}
