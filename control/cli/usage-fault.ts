/** What is said of a command line that commander cannot read: in the words and marks of all other faults, with the help of the command. */
import type { Command, CommanderError } from 'commander';
import { suggest } from '../../lang/suggest.ts';
import { COMMANDS } from './command-list.ts';

export interface UsageFault {
  readonly message: string;
  readonly help: string;
}

/** Rewords a fault of commander; `program` has the command that was asked for. */
export function usageFault(
  { code, message }: CommanderError,
  args: readonly string[],
  program: Command,
): UsageFault {
  const name = args.find((word) => !word.startsWith('-')) ?? '';
  const command = program.commands.find((one) => one.name() === name);
  const said = message.replace(/^error: /, '').replace(/'([^']*)'/g, '`$1`');
  if (code === 'commander.unknownCommand' && command !== undefined) {
    const word = /`([^`]*)`/.exec(said)?.[1] ?? '';
    const below = command.commands.map((one) => one.name());
    const message = `\`sallyport ${name}\` has no command \`${word}\``;
    return { message, help: meant(word, below) ?? `its commands are ${below.join(', ')}` };
  }
  if (code === 'commander.unknownCommand')
    return {
      message: said,
      help:
        meant(
          name,
          COMMANDS.map((entry) => entry.name),
        ) ?? 'see `sallyport --help`',
    };
  const see = command === undefined ? 'see `sallyport --help`' : `see \`sallyport ${name} --help\``;
  if (code === 'commander.unknownOption') {
    const option = /`([^`]*)`/.exec(said)?.[1] ?? '';
    return { message: said, help: meant(option, optionsOf(command)) ?? see };
  }
  if (code === 'commander.excessArguments')
    return { message: `\`${name}\` was given an argument too many`, help: see };
  if (code === 'commander.missingArgument')
    return {
      message: said.replace(/^missing required argument (.*)$/, 'the argument $1 is missing'),
      help: see,
    };
  if (code === 'commander.missingMandatoryOptionValue')
    return {
      message: said.replace(/^required option (.*) not specified$/, 'the option $1 is needed'),
      help: see,
    };
  if (code === 'commander.optionMissingArgument')
    return {
      message: said.replace(/^option (.*) argument missing$/, 'the option $1 needs a value'),
      help: see,
    };
  const [, option, value, rest = ''] =
    /^option (`.*?`) argument (`.*?`) is invalid\.?\s*(.*?)\.?$/s.exec(said) ?? [];
  if (option === undefined) return { message: said, help: see };
  const choices = /^Allowed choices are (.*)$/.exec(rest)?.[1];
  const written = choices === undefined ? rest : `one of ${choices}`;
  return {
    message: `the option ${option} cannot be ${value}`,
    help:
      written === '' ? see : `write ${/^such as/.test(written) ? `a value ${written}` : written}`,
  };
}

function meant(word: string, known: readonly string[]): string | undefined {
  const close = suggest(word, known);
  return close === undefined ? undefined : `did you mean \`${close}\`?`;
}

/** The options of a command and of those below it. */
function optionsOf(command: Command | undefined): readonly string[] {
  if (command === undefined) return [];
  const own = command.options.flatMap(({ long }) => (typeof long === 'string' ? [long] : []));
  return [...own, ...command.commands.flatMap(optionsOf)];
}
