/**
 * From the claims of a provider to somebody here: whom an address that nobody vouches for does not let in.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mapClaims } from '../../../../control/identity/providers/mapping.ts';
import type { Mapping } from '../../../../control/identity/providers/provider.ts';
import { createRegistry } from '../../../../control/identity/registry.ts';
import { isRefusal } from '../../../../proxy/gate/refusal.ts';

const mapping = suite('control/identity/providers/mapping');
const usual: Mapping = {
  kind: 'human',
  prefix: 'corp:',
  subject: 'sub',
  name: 'name',
  email: 'email',
  groups: 'groups',
  groupMap: undefined,
  giveGroups: [],
  keep: [],
  subjects: [],
  require: new Map(),
  mfa: ['otp'],
};
const ada = { sub: 'u1', name: 'Ada', email: 'ada@corp.example', groups: ['eng'] };

function map(claims: Readonly<Record<string, unknown>>, more: Partial<Mapping> = {}) {
  return mapClaims(
    claims,
    { ...usual, ...more },
    {
      idp: 'https://corp.example',
      registry: createRegistry([]),
      otherPrefixes: ['adfs:'],
    },
  );
}

function outcome(...[claims, more]: Parameters<typeof map>): string {
  const mapped = map(claims, more);
  return isRefusal(mapped) ? mapped.code : mapped.party.sub;
}

mapping('whoever is named by an address is let in only when the provider vouches for it', () => {
  for (const email_verified of [undefined, false, 'true', 1]) {
    const claims = { ...ada, email_verified };
    assert.is(outcome(claims, { subject: 'email' }), 'identity/unverified-email');
    const require = new Map([['email', '*@corp.example']]);
    assert.is(outcome(claims, { require }), 'identity/unverified-email');
    assert.is(outcome(claims), 'corp:u1');
  }
  const verified = { ...ada, email_verified: true };
  assert.is(outcome(verified, { subject: 'email' }), 'corp:ada@corp.example');
});

mapping('an address by another name is held to the same', () => {
  const claims = { ...ada, mail: 'ada@corp.example' };
  assert.is(outcome(claims, { subject: 'mail', email: 'mail' }), 'identity/unverified-email');
});

mapping('an address that the provider says is not theirs is not taken over', () => {
  const mapped = map({ ...ada, email_verified: false });
  assert.is(isRefusal(mapped) ? 'refused' : mapped.party.email, undefined);
});

mapping('groups are what the map makes of them, and others are dropped', () => {
  const groupMap = new Map([['eng', ['engineering', 'all']]]);
  const mapped = map({ ...ada, groups: ['eng', 'root'] }, { groupMap, giveGroups: ['people'] });
  assert.equal(isRefusal(mapped) ? [] : mapped.party.groups, ['engineering', 'all', 'people']);
});

mapping('a subject that reads as somebody of another provider is refused', () => {
  assert.is(outcome({ ...ada, sub: 'adfs:ada' }, { prefix: '' }), 'identity/ambiguous-subject');
  assert.is(outcome({ ...ada, sub: 'adfs:ada' }), 'corp:adfs:ada');
});

mapping.run();
