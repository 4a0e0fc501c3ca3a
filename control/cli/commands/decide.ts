/**
 * `sallyport decide`: what the policies decide about one action, without a gateway or a target. The action is described by the
 * same code that describes it in the data plane.
 */
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import type { Decision } from '../../../engine/contract/decision.ts';
import type { ActionInput, PolicyInput } from '../../../engine/contract/input.ts';
import { createDecider } from '../../../engine/decide.ts';
import { suggest } from '../../../lang/suggest.ts';
import { contextAt } from '../../../proxy/gate/instant.ts';
import { loadConfig } from '../../config/load.ts';
import type { Settings } from '../../config/settings.ts';
import { ControlError } from '../../error.ts';
import { toIdentity, toPartyClaims } from '../../identity/claims.ts';
import { createRegistry, type LocalIdentity } from '../../identity/registry.ts';
import { compileFiles } from '../../policies/compile.ts';
import { readPolicyFiles } from '../../policies/read-files.ts';
import { describeHttp, describeSql } from '../describe-action.ts';
import { EXIT } from '../exit-codes.ts';
import { configOption, type Format, formatOption } from '../options.ts';
import { harmless, printJson } from '../print.ts';

interface DecideOptions {
  readonly config: string;
  readonly format: Format;
  readonly sql?: string;
  readonly http?: string;
  readonly body?: string;
  readonly as: string;
  readonly for?: string;
  readonly on: string;
}

export function register(program: Command): void {
  program
    .command('decide')
    .description('show what the policies decide about one action; 0 allowed, 1 blocked or held')
    .addOption(
      new Option('--sql <TEXT>', 'a SQL text, as a client would send it').conflicts('http'),
    )
    .option('--http <REQUEST>', 'a request, such as "GET /customers/1"')
    .option('--body <JSON>', 'its body')
    .requiredOption('--as <SUBJECT>', 'who does it, of the identities in the configuration')
    .option('--for <SUBJECT>', 'whom an agent acts for')
    .requiredOption('--on <RESOURCE>', 'on which resource')
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (options: DecideOptions) => {
      const settings = loadConfig(options.config);
      const target = findTarget(settings, options.on);
      const action = await describe(options);
      const files = readPolicyFiles(settings.policyPaths, dirname(settings.file));
      const input = makeInput(settings, options, target.resource, action);
      const decision = createDecider(compileFiles(files)).decide(target.policies, input);
      if (options.format === 'json') printJson({ decision, input });
      else printDecision(decision, action);
      process.exitCode = decision.effect === 'allow' ? EXIT.ok : EXIT.findings;
    });
}

async function describe(options: DecideOptions): Promise<ActionInput> {
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
  throw new ControlError('usage/invalid', `there is no resource ${name}`, {
    hint:
      close === undefined
        ? `the resources are ${names.join(', ') || 'none'}`
        : `did you mean ${close}?`,
  });
}

function makeInput(
  settings: Settings,
  options: DecideOptions,
  resource: PolicyInput['resource'],
  action: ActionInput,
): PolicyInput {
  const registry = createRegistry(settings.identities);
  const find = (subject: string): LocalIdentity => {
    const identity = registry.get(subject);
    if (identity !== undefined) return identity;
    const close = suggest(subject, registry.keys());
    throw new ControlError('identity/unknown-subject', `no identity is called ${subject}`, {
      hint: close === undefined ? 'add it under `identities:`' : `did you mean ${close}?`,
    });
  };
  const actor = toPartyClaims(find(options.as));
  const principal = options.for === undefined ? undefined : toPartyClaims(find(options.for));
  const now = Date.now();
  const seconds = Math.floor(now / 1000);
  const identity = toIdentity({
    ...(principal ?? actor),
    ...(principal === undefined ? {} : { act: actor }),
    iss: settings.tokens.issuer,
    aud: settings.tokens.audience,
    jti: 'decide',
    iat: seconds,
    nbf: seconds,
    exp: seconds + Math.floor(settings.tokens.lifetimeMs / 1000),
  });
  return {
    identity,
    resource,
    session: {
      id: 'decide',
      started_at: new Date(now).toISOString(),
      client: { ip: '127.0.0.1', application: 'sallyport decide', fingerprint: '' },
      actions: 0,
      rows: 0,
    },
    action,
    context: contextAt(BigInt(now) * 1_000_000n, []),
  };
}

const EFFECTS: Readonly<Record<Decision['effect'], string>> = {
  allow: 'ALLOWED',
  block: 'BLOCKED',
  require_approval: 'NEEDS APPROVAL',
};

function printDecision(decision: Decision, action: ActionInput): void {
  const at = (rule: { package: string; name: string; file: string; line: number } | undefined) =>
    rule === undefined ? '' : `  (${rule.package}.${rule.name}, ${rule.file}:${rule.line})`;
  console.log(`${EFFECTS[decision.effect]}  ${action.verb} (${action.class})`);
  for (const reason of decision.reasons)
    console.log(harmless(`  ${reason.code}: ${reason.reason}${at(reason.rule)}`));
  for (const demand of decision.approvals) {
    const who = [...demand.approvers.groups, ...demand.approvers.subjects].join(', ') || 'nobody';
    console.log(
      harmless(
        `  approval ${demand.code}: ${demand.quorum} of ${who}, for one ${demand.scope}${at(demand.rule)}`,
      ),
    );
  }
  for (const mask of decision.masks) {
    const place = mask.column ?? mask.field ?? mask.detector ?? mask.header ?? '';
    console.log(harmless(`  mask ${mask.code}: ${place} with ${mask.with}${at(mask.rule)}`));
  }
  console.log(`  policies ${decision.revision}`);
}
