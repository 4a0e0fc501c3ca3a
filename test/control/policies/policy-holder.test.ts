/**
 * The policy set that decides is swapped whole, after it compiled and was recorded, or not at all.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlError } from '../../../control/error.ts';
import { createPolicyHolder } from '../../../control/policies/policy-holder.ts';
import type { PolicyInput } from '../../../engine/contract/input.ts';

const holder = suite('control/policies/policy-holder');

function newHolder() {
  const state = { text: 'one', recorded: [] as string[], refuseRecord: false };
  const policies = createPolicyHolder({
    read: () => ({ policies: [{ name: 'a.policy', text: state.text }], data: [], tests: [] }),
    compile: ({ policies: [source] }) => {
      const text = source?.text ?? '';
      if (text === 'broken')
        throw new ControlError('policy/invalid', 'the policies have an error', {
          details: ['here'],
        });
      return {
        revision: text,
        decisions: {
          decide: () => ({
            effect: 'block',
            reasons: [],
            masks: [],
            approvals: [],
            revision: text,
            reads: [],
          }),
        },
        explain: () => {
          throw new Error('nobody asks');
        },
        interpreted: [{ code: 'interpreted/no-plan', policies: ['access'], message: text }],
      };
    },
    record: (revision) => {
      if (state.refuseRecord) return Promise.reject(new Error('the disk is full'));
      state.recorded.push(revision);
      return Promise.resolve();
    },
    nowIso: () => 'now',
  });
  return { state, policies, decides: () => policies.decide([], {} as PolicyInput).revision };
}

async function faultOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'no fault';
}

holder('a good set takes over after it was recorded', async () => {
  const { state, policies, decides } = newHolder();
  state.text = 'two';
  assert.is(decides(), 'one');
  assert.is(await policies.reload(), 'swapped');
  assert.is(decides(), 'two');
  assert.equal(state.recorded, ['two']);
  assert.is(await policies.reload(), 'unchanged');
  assert.equal(state.recorded, ['two']);
});

holder('a broken set never takes over, and the fault is told until it is mended', async () => {
  const { state, policies, decides } = newHolder();
  state.text = 'broken';
  assert.is(await faultOf(policies.reload()), 'the policies have an error');
  assert.is(decides(), 'one');
  assert.equal(policies.status.error, {
    at: 'now',
    message: 'the policies have an error',
    diagnostics: ['here'],
  });
  state.text = 'one';
  assert.is(await policies.reload(), 'unchanged');
  assert.is(policies.status.error, undefined);
});

holder('a set that cannot be recorded does not decide', async () => {
  const { state, policies, decides } = newHolder();
  state.text = 'two';
  state.refuseRecord = true;
  assert.is(await faultOf(policies.reload()), 'the disk is full');
  assert.is(decides(), 'one');
  assert.is(policies.status.revision, 'one');
});

holder('reloads that overlap end with the newest set', async () => {
  const { state, policies, decides } = newHolder();
  state.text = 'two';
  const first = policies.reload();
  state.text = 'three';
  await Promise.all([first, policies.reload()]);
  assert.is(decides(), 'three');
});

holder('a first set that is broken is no holder', () => {
  assert.throws(() =>
    createPolicyHolder({
      read: () => {
        throw new ControlError('policy/not-found', 'there are no policies');
      },
      compile: () => {
        throw new Error('not reached');
      },
      record: () => Promise.resolve(),
      nowIso: () => '',
    }),
  );
});

holder('what is interpreted is told of the set that decides', async () => {
  const { state, policies } = newHolder();
  const reasons = (): readonly string[] =>
    policies.status.interpreted.map(({ code, message }) => `${code} ${message}`);
  assert.equal(reasons(), ['interpreted/no-plan one']);
  state.text = 'two';
  await policies.reload();
  assert.equal(reasons(), ['interpreted/no-plan two']);
});

holder.run();
