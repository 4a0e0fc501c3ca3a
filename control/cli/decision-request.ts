/**
 * One action on one resource, as the options of `decide` and `explain` name it, and the input the policies would see.
 */
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import type { ActionInput, PolicyInput } from '../../engine/contract/input.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { suggest } from '../../lang/suggest.ts';
import { loadConfig } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { describeHttp, describeSql } from '../decisions/describe-action.ts';
import { trialInput } from '../decisions/trial-input.ts';
import { ControlError } from '../error.ts';
import { createRegistry } from '../identity/registry.ts';
import { compileFiles } from '../policies/compile.ts';
import { missingPackages } from '../policies/missing-packages.ts';
import { readPolicyFiles } from '../policies/read-files.ts';
import { configOption, type Format, formatOption } from './options.ts';

export interface RequestOptions {
  readonly config: string;
  readonly format: Format;
  readonly sql?: string;
  readonly http?: string;
  readonly body?: string;
  readonly as: string;
  readonly for?: string;
  readonly on: string;
}

/** What is asked, ready to be decided. */
export interface DecisionRequest {
  readonly policySet: PolicySet;
  /** The packages that guard the resource. */
  readonly policies: readonly string[];
  readonly input: PolicyInput;
}

/** Adds the options that name an action, who does it and on what. */
export function addRequestOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--sql <TEXT>', 'a SQL text, as a client would send it').conflicts('http'),
    )
    .option('--http <REQUEST>', 'a request, such as "GET /customers/1"')
    .option('--body <JSON>', 'its body')
    .requiredOption('--as <SUBJECT>', 'who acts: a subject of `identities:` in the configuration')
    .option('--for <SUBJECT>', 'whom an agent acts for')
    .requiredOption('--on <RESOURCE>', 'on which resource')
    .addOption(configOption())
    .addOption(formatOption());
}

/** The kind of action that a resource takes. */
const KIND_OF: Readonly<Record<string, ActionInput['kind']>> = { postgres: 'sql', http: 'http' };

/** Reads configuration and policies and describes the action. Throws a `ControlError` for what is wrong with them. */
export async function readRequest(options: RequestOptions): Promise<DecisionRequest> {
  const settings = loadConfig(options.config);
  const target = findTarget(settings, options.on);
  const action = await describe(options);
  const { name, type } = target.resource;
  if (KIND_OF[type] !== undefined && KIND_OF[type] !== action.kind)
    throw new ControlError('usage/invalid', `\`${name}\` is a resource of type ${type}`, {
      hint: type === 'http' ? 'give --http "GET /path"' : 'give --sql TEXT',
    });
  const files = readPolicyFiles(settings.policyPaths, dirname(settings.file));
  const input = trialInput(createRegistry(settings.identities), settings.tokens, {
    as: options.as,
    for: options.for,
    resource: target.resource,
    action,
    application: 'sallyport decide',
  });
  const policySet = compileFiles(files);
  warnOfMissing(policySet, target.policies, name);
  return { policySet, policies: target.policies, input };
}

function warnOfMissing(policySet: PolicySet, wanted: readonly string[], resource: string): void {
  for (const { name, help } of missingPackages(policySet, wanted)) {
    console.error(
      `warning: \`${resource}\` is guarded by \`${name}\`, which no policy has: every action on it is blocked`,
    );
    console.error(`  help: ${help}`);
  }
}

/** One decision by the reference is told by nobody: how fast the gateway decides is the matter of its log. */
export const decidesOnce = { onInterpreted: (): void => undefined };

async function describe(options: RequestOptions): Promise<ActionInput> {
  if (options.sql !== undefined) return describeSql(options.sql);
  if (options.http !== undefined)
    return describeHttp(options.http, options.body, `${options.on}.localhost`);
  throw new ControlError('usage/invalid', 'there is no action to decide', {
    hint: 'give --sql TEXT or --http "GET /path"',
  });
}

function findTarget(settings: Settings, name: string): Settings['targets'][number] {
  const found = settings.targets.find((target) => target.resource.name === name);
  if (found !== undefined) return found;
  const names = settings.targets.map((target) => target.resource.name);
  const close = suggest(name, names);
  throw new ControlError('usage/invalid', `there is no resource \`${name}\``, {
    hint:
      names.length === 0
        ? 'the configuration has no `resources:` yet'
        : close === undefined
          ? `the resources are ${names.map((each) => `\`${each}\``).join(', ')}`
          : `did you mean \`${close}\`?`,
  });
}
