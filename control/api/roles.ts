/**
 * Who may use the API, decided by the package `sallyport.api`: the shipped one, or the one the configuration names. It is compiled
 * and asked like any policy; what it does not allow plainly is refused.
 */
import { createHash } from 'node:crypto';
import type {
  ApiObject,
  ApiOperation,
  IdentityInput,
  PolicyInput,
} from '../../engine/contract/input.ts';
import { createDecider, type Decider } from '../../engine/decide.ts';
import { contextAt } from '../../proxy/gate/instant.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { ControlError } from '../error.ts';
import { compileFiles } from '../policies/compile.ts';
import { readPolicyFiles } from '../policies/read-files.ts';
import { classOf } from './operations.ts';

/** The package that decides. */
export const API_PACKAGE = 'sallyport.api';
/** The policies that come with the gateway. */
const SHIPPED = new URL('../../policies/api', import.meta.url).pathname;
/** Characters of method and path that a policy sees. */
const MAX_TEXT = 512;

/** One call, before anything is done about it. */
export interface ApiCall {
  /** Of the call, in the record. */
  readonly id: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly ip: string;
  readonly application: string;
}

export interface ApiRoles {
  /** Revision of the policies that decide now. */
  readonly revision: string;
  /** Undefined where the policies allow it. */
  decide(
    identity: IdentityInput,
    operation: ApiOperation,
    call: ApiCall,
    object?: ApiObject,
  ): Refusal | undefined;
  /** Reads and compiles the policies anew; throws and keeps the old ones when that fails. */
  reload(): void;
}

export interface ApiRolesOptions {
  /** Files and folders; the shipped policies when undefined. */
  readonly paths: readonly string[] | undefined;
  /** Folder that file names are told relative to. */
  readonly base: string;
  /** Groups, for the policies as `data.sallyport.access`. */
  readonly access: { readonly admins: readonly string[]; readonly auditors: readonly string[] };
  readonly nowNs: () => bigint;
  /** Hears of evaluation errors, which refuse. */
  readonly onError: (error: unknown) => void;
}

/** Compiles the policies. Throws `policy/...` when they cannot be used. */
export function loadApiRoles(options: ApiRolesOptions): ApiRoles {
  let decider = compile(options);
  return {
    get revision() {
      return decider.revision;
    },
    decide(identity, operation, call, object) {
      const input = inputOf(identity, operation, call, object, options.nowNs());
      const { effect, reasons, masks } = decider.decide([API_PACKAGE], input);
      // An answer cannot be masked here, nor wait for somebody's yes.
      if (effect === 'allow' && masks.length === 0) return undefined;
      const [reason] = effect === 'block' ? reasons : [];
      return refuse(
        'blocked',
        'api/forbidden',
        reason === undefined || reason.code === 'not-allowed'
          ? `you may not do this (${operation})`
          : reason.reason,
        { hint: `the policy package ${API_PACKAGE} decides who may` },
      );
    },
    reload() {
      decider = compile(options);
    },
  };
}

function compile({ paths, base, access, onError }: ApiRolesOptions): Decider {
  const { policies, data } =
    paths === undefined ? readPolicyFiles([SHIPPED]) : readPolicyFiles(paths, base);
  const groups = {
    name: 'access.json',
    text: JSON.stringify({ sallyport: { access } }),
  };
  const policySet = compileFiles({ policies, data: [...data, groups], tests: [] });
  const decides = policySet.modules.modules.some(({ rules }) =>
    rules.some((rule) => rule.package.join('.') === API_PACKAGE),
  );
  if (!decides)
    throw new ControlError('policy/invalid', `there is no package ${API_PACKAGE} in them`, {
      hint: 'begin with a copy of policies/api/roles.policy, or leave `access.policies` out',
    });
  const decider = createDecider(policySet, { onError });
  decider.prepare?.([API_PACKAGE]);
  return decider;
}

function inputOf(
  identity: IdentityInput,
  operation: ApiOperation,
  call: ApiCall,
  object: ApiObject | undefined,
  nowNs: bigint,
): PolicyInput {
  const text = `${call.method} ${call.path}`;
  const context = contextAt(nowNs, []);
  return {
    identity,
    resource: { name: 'sallyport', type: 'api', labels: {} },
    session: {
      id: call.id,
      started_at: context.time,
      client: { ip: call.ip, application: call.application, fingerprint: '' },
      actions: 0,
      rows: 0,
    },
    action: {
      kind: 'api',
      verb: call.method,
      class: classOf(operation),
      text: text.slice(0, MAX_TEXT),
      digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
      api: { operation, ...(object === undefined ? {} : { object }) },
    },
    context,
  };
}
