/**
 * Parses the command line, runs one command, and tells its faults: code, sentence, hint, exit code. Commands throw; this prints.
 */
import { Command, CommanderError } from 'commander';
import { COMMANDS, type CommandEntry } from './command-list.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { usageFault } from './usage-fault.ts';

/** Runs `sallyport ARGS` and gives its exit code; faults are printed to standard error. */
export async function runCli(args: readonly string[]): Promise<number> {
  const program = new Command('sallyport')
    .description('Policy-as-code access gateway: every action is decided, recorded and enforced.')
    .usage('COMMAND [options]')
    .helpOption('-h, --help', 'show this, or the help of a command')
    .option('-V, --version', 'show the version')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 findings, 2 wrong usage or configuration, 3 could not be done.\n',
    );
  const asked = findCommand(args);
  try {
    if (args[0] === '--version' || args[0] === '-V') {
      const { VERSION } = await import('../version.ts');
      console.log(VERSION);
      return EXIT.ok;
    }
    for (const entry of COMMANDS)
      if (entry === asked) (await entry.load()).register(program);
      else program.command(entry.name).description(entry.summary);
    if (args.length === 0) {
      program.outputHelp();
      return EXIT.ok;
    }
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return report(error, args, program);
  }
}

function findCommand(args: readonly string[]): CommandEntry | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  return COMMANDS.find((entry) => entry.name === name);
}

function report(error: unknown, args: readonly string[], program: Command): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    const { message, help } = usageFault(error, args, program);
    print('usage/invalid', message, help, []);
    return EXIT.usage;
  }
  if (!(error instanceof Error) || !('code' in error) || !('hint' in error)) {
    console.error(error);
    console.error('error[internal/fault]: this is a fault of the program; please report it');
    return EXIT.internal;
  }
  const details = 'details' in error && Array.isArray(error.details) ? error.details : [];
  const code = String(error.code);
  print(code, error.message, typeof error.hint === 'string' ? error.hint : undefined, details);
  return exitCodeOf(code);
}

/** A fault by the family of its code: what the user wrote, or what could not be done. */
function exitCodeOf(code: string): ExitCode {
  if (/^(policy\/invalid|journal\/damaged|api\/refused|login\/refused)$/.test(code))
    return EXIT.findings;
  return /^(usage|config|identity|init|policy|session|build)\//.test(code)
    ? EXIT.usage
    : EXIT.internal;
}

function print(
  code: string,
  message: string,
  hint: string | undefined,
  details: readonly string[],
): void {
  for (const detail of details) console.error(`${detail}\n`);
  console.error(`error[${code}]: ${message}`);
  if (hint !== undefined) console.error(`  help: ${hint}`);
}
