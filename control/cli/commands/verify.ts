/**
 * `sallyport verify`: proves from the files alone that the journal is complete and unaltered, or names every fault.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { verifyJournal } from '../../../proxy/journal/verify.ts';
import { loadConfig } from '../../config/load.ts';
import { ControlError } from '../../error.ts';
import { JOURNAL_KEY_FILE } from '../../state-files.ts';
import { EXIT } from '../exit-codes.ts';
import { configOption, type Format, formatOption } from '../options.ts';
import { plural, printJson } from '../print.ts';

interface VerifyOptions {
  readonly config: string;
  readonly format: Format;
  readonly dir?: string;
  readonly publicKey?: string;
}

export function register(program: Command): void {
  program
    .command('verify')
    .description('verify that the journal is complete and unaltered')
    .option('--dir <DIR>', 'a journal folder elsewhere, for example a copy')
    .option(
      '--public-key <FILE>',
      "the journal's public key; the one in the state folder when left out",
    )
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (options: VerifyOptions) => {
      const needsConfig = options.dir === undefined || options.publicKey === undefined;
      const settings = needsConfig ? loadConfig(options.config) : undefined;
      const dir = options.dir ?? settings?.journal.dir ?? '';
      const keyFile =
        options.publicKey ?? join(settings?.stateDir ?? '', `${JOURNAL_KEY_FILE}.pub`);
      const report = await verifyJournal(dir, { publicKey: readKey(keyFile) });
      if (options.format === 'json') printJson(report);
      else {
        for (const fault of report.faults)
          console.log(
            `segment ${fault.segment}, record ${fault.index}, byte ${fault.offset}: ${fault.message} (${fault.kind})`,
          );
        if (report.isCut) console.log('... and more');
        console.log(
          report.ok
            ? `ok: ${plural(report.records, 'record')} in ${plural(report.segments, 'segment')}, chained and signed`
            : `DAMAGED: ${plural(report.faults.length, 'fault')} in ${plural(report.records, 'record')}`,
        );
      }
      process.exitCode = report.ok ? EXIT.ok : EXIT.findings;
    });
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ControlError('usage/invalid', `the public key ${file} cannot be read`, {
      cause,
      hint: 'name it with --public-key; it lies in the state folder of the gateway once it has run',
    });
  }
}
