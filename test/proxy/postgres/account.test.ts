/**
 * Which account of the target an identity gets: by subject, group and issuer, the first rule for it, and never another's.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import { ProxyError } from '../../../proxy/error.ts';
import type { PostgresUpstream } from '../../../proxy/gate/ports.ts';
import { chooseAccount } from '../../../proxy/postgres/account.ts';
import { exampleIdentity } from '../../control/store/example-approval.ts';

const account = suite('proxy/postgres/account');
const CORP = 'https://corp.example';

const upstream = (rules: Pick<PostgresUpstream, 'accounts' | 'roles'>): PostgresUpstream => ({
  kind: 'postgres',
  host: 'h',
  port: 1,
  database: 'd',
  user: 'shared',
  password: undefined,
  tls: 'disable',
  ca: undefined,
  ...rules,
});
const ada = (issuer: string): IdentityInput =>
  exampleIdentity({ subject: 'ada', issuer, groups: ['engineering'] });
const rule = { subjects: ['ada'], groups: [], password: undefined };

function userOf(rules: Parameters<typeof upstream>[0], identity: IdentityInput): string {
  try {
    return chooseAccount(upstream(rules), identity).user;
  } catch (error) {
    if (error instanceof ProxyError) return error.code;
    throw error;
  }
}

account('a rule for an issuer is for nobody of the same name whom another vouches for', () => {
  const accounts = [{ ...rule, issuer: CORP, user: 'ada_of_corp' }];
  assert.is(userOf({ accounts }, ada(CORP)), 'ada_of_corp');
  assert.is(userOf({ accounts }, ada('sallyport')), 'target/no-account');
  assert.is(userOf({ accounts }, ada('https://partner.example')), 'target/no-account');
});

account('an issuer narrows a rule for groups, and one for everybody', () => {
  const accounts = [
    { subjects: [], groups: ['engineering'], issuer: CORP, user: 'engineers', password: undefined },
    { subjects: [], groups: [], issuer: 'sallyport', user: 'locals', password: undefined },
  ];
  assert.is(userOf({ accounts }, ada(CORP)), 'engineers');
  assert.is(userOf({ accounts }, ada('sallyport')), 'locals');
  assert.is(userOf({ accounts }, ada('https://partner.example')), 'target/no-account');
});

account('a role is taken by issuer as an account is', () => {
  const roles = [{ subjects: ['ada'], groups: [], issuer: CORP, role: 'reader' }];
  assert.is(chooseAccount(upstream({ roles }), ada(CORP)).role, 'reader');
  assert.is(userOf({ roles }, ada('sallyport')), 'target/no-account');
});

account.run();
