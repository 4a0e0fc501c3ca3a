/**
 * `sallyport break-glass`: seals a code for the day when nothing else works. The code is shown once and kept nowhere.
 */
import type { Command } from 'commander';
import { sealCode } from '../../identity/break-glass.ts';
import { type Format, formatOption } from '../options.ts';
import { printJson } from '../print.ts';

export function register(program: Command): void {
  program
    .command('break-glass')
    .description('seal a one-use code for a person; keep it in an envelope')
    .argument('<SUBJECT>', 'for whom')
    .addOption(formatOption())
    .action((subject: string, options: { readonly format: Format }) => {
      const { code, hash } = sealCode();
      if (options.format === 'json') return printJson({ subject, code, hash });
      console.log(`code for the envelope, shown this once:\n  ${code}\n`);
      console.log(`for sallyport.yaml:\nbreak_glass:\n  - {subject: ${subject}, hash: "${hash}"}`);
    });
}
