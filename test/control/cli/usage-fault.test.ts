import { Command, InvalidArgumentError, Option } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { usageFault } from '../../../control/cli/usage-fault.ts';

const test = suite('control/cli/usage-fault');

/** What is said of a command line, as message and advice. */
function told(...args: readonly string[]): string {
  const program = new Command('sallyport').exitOverride().configureOutput({
    outputError: () => undefined,
    writeErr: () => undefined,
  });
  program
    .command('decide')
    .requiredOption('--as <SUBJECT>', 'who')
    .addOption(new Option('--format <FORMAT>', 'how').choices(['text', 'json']))
    .option('--limit <SIZE>', 'how much', (text) => {
      throw new InvalidArgumentError(`such as 1MiB, not ${text.length} characters`);
    })
    .argument('[QUERY]');
  const consent = program.command('consent');
  consent.command('grant').argument('<AGENT>').option('--ttl <DURATION>', 'for how long');
  for (const command of [program, ...program.commands, ...consent.commands])
    command
      .exitOverride()
      .showSuggestionAfterError(false)
      .configureOutput({
        outputError: () => undefined,
        writeErr: () => undefined,
      });
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Error) || !('exitCode' in error)) throw error;
    const { message, help } = usageFault(error as Parameters<typeof usageFault>[0], args, program);
    return `${message} - ${help}`;
  }
  return 'nothing';
}

test('names what is missing, and where it is explained', () => {
  assert.is(
    told('decide'),
    'the option `--as <SUBJECT>` is needed - see `sallyport decide --help`',
  );
  assert.is(
    told('decide', '--as'),
    'the option `--as <SUBJECT>` needs a value - see `sallyport decide --help`',
  );
  assert.is(
    told('consent', 'grant'),
    'the argument `AGENT` is missing - see `sallyport consent --help`',
  );
});

test('names the command, the command below it or the option that was meant', () => {
  assert.is(told('strat'), 'unknown command `strat` - did you mean `start`?');
  assert.is(
    told('consent', 'grnt'),
    '`sallyport consent` has no command `grnt` - did you mean `grant`?',
  );
  assert.is(
    told('consent', 'grant', 'a', '--tl', '1h'),
    'unknown option `--tl` - did you mean `--ttl`?',
  );
});

test('says how a value of an option is written', () => {
  assert.is(
    told('decide', '--as', 'ada', '--format', 'xml'),
    'the option `--format <FORMAT>` cannot be `xml` - write one of text, json',
  );
  assert.is(
    told('decide', '--as', 'ada', '--limit', '5'),
    'the option `--limit <SIZE>` cannot be `5` - write a value such as 1MiB, not 1 characters',
  );
});

test('an argument too many is told in the words of the other faults', () => {
  assert.is(
    told('decide', '--as', 'ada', 'x', 'y'),
    '`decide` was given an argument too many - see `sallyport decide --help`',
  );
});

test.run();
