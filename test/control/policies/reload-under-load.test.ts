/** Policies that are swapped while they decide: every question is answered, by one revision as a whole, and by the new one once it is there. */
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPolicies } from '../../../control/policies/compile.ts';
import { createPolicyHolder } from '../../../control/policies/policy-holder.ts';
import { inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';

const holder = suite('control/policies/reload-under-load');
const RELOADS = 4;
const DECISIONS_PER_TURN = 20;

/** All four documents name the version. */
function policyText(version: number): string {
  return `package access

allow := true

block contains {"code": "v${version}", "reason": "block ${version}"} if input.identity.kind == "human"

mask contains {"code": "v${version}", "column": "*.*.c${version}", "with": "redact"}

require_approval contains {"code": "v${version}", "reason": sprintf("ask ${version} for %s", [input.identity.subject]), "approvers": {"groups": ["dba"]}}
`;
}

holder('a reload under load drops no decision and mixes no revisions', async () => {
  let version = 0;
  const versions = new Map<string, number>();
  const policies = createPolicyHolder({
    read: () => ({
      policies: [{ name: 'access.policy', text: policyText(version) }],
      data: [],
      tests: [],
    }),
    compile: (files) => {
      const loaded = loadPolicies(files, {
        onError(error) {
          throw error;
        },
      });
      versions.set(loaded.revision, version);
      return loaded;
    },
    record: async () => {
      await setImmediate();
    },
    nowIso: () => 'now',
  });
  const input = inputOf(SELECT_CUSTOMERS);
  let isReloading = true;
  let decided = 0;
  const seen = new Set<number>();
  const load = async (): Promise<void> => {
    while (isReloading) {
      for (let turn = 0; turn < DECISIONS_PER_TURN; turn += 1) {
        const decision = policies.decide(['access'], input);
        const of = versions.get(decision.revision);
        assert.type(of, 'number');
        const codes = [...decision.reasons, ...decision.masks, ...decision.approvals].map(
          ({ code }) => code,
        );
        assert.equal(codes, [`v${of}`, `v${of}`, `v${of}`]);
        seen.add(of ?? -1);
        decided += 1;
      }
      await setImmediate();
    }
  };
  const clients = [load(), load(), load()];
  for (let reload = 1; reload <= RELOADS; reload += 1) {
    version = reload;
    assert.is(await policies.reload(), 'swapped');
    assert.is(versions.get(policies.decide(['access'], input).revision), reload);
    await setImmediate();
  }
  isReloading = false;
  await Promise.all(clients);
  assert.is(seen.size, RELOADS + 1);
  assert.ok(decided >= DECISIONS_PER_TURN * RELOADS);
});

holder.run();
