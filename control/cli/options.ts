/**
 * Options that several commands share, spelt once.
 */
import { type Command, Option } from 'commander';

export type Format = 'text' | 'json';

export const configOption = (): Option =>
  new Option('-c, --config <FILE>', 'the configuration')
    .env('SALLYPORT_CONFIG')
    .default('sallyport.yaml');

export const formatOption = (): Option =>
  new Option('--format <FORMAT>', 'how to print').choices(['text', 'json']).default('text');

export const tokenOption = (): Option =>
  new Option(
    '--token <TOKEN>',
    'your token, made by `sallyport token`; here others can see it in the list of processes',
  ).env('SALLYPORT_TOKEN');

export const tokenFileOption = (): Option =>
  new Option('--token-file <FILE>', 'a file with your token, `-` for standard input');

export const apiOption = (): Option =>
  new Option(
    '--api <URL>',
    'the HTTP API of the gateway; found by the configuration when left out',
  ).env('SALLYPORT_API');

export const sinceOption = (): Option =>
  new Option(
    '--since <REV>',
    'only files that changed since this git revision, and what they affect',
  );

export const schemaOption = (): Option =>
  new Option(
    '--schema <FOLDER>',
    'JSON Schemas that METADATA names: input.json is schema.input; without it the names say nothing',
  );

/** What every command takes that asks a gateway as somebody. */
export function addCallerOptions(command: Command): Command {
  return command
    .addOption(tokenOption())
    .addOption(tokenFileOption())
    .addOption(apiOption())
    .addOption(configOption());
}

/** The same for a command that prints the answer. */
export function addGatewayOptions(command: Command): Command {
  return addCallerOptions(command).addOption(formatOption());
}
