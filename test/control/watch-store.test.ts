/**
 * Sessions end with what they rest on: the token they were opened with, or one that it was made from.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endSessionsOf } from '../../control/watch-store.ts';
import type { RunningGate } from '../../proxy/gate/pipeline.ts';
import { exampleIdentity } from './store/example-approval.ts';

const test = suite('control/watch-store');

function openGate() {
  const ended: string[] = [];
  const session = (id: string, token: string, roots?: readonly string[]) => {
    const base = exampleIdentity();
    const identity = exampleIdentity({
      credential: { ...base.credential, id: token },
      claims: roots === undefined ? {} : { roots },
    });
    return [id, { id, permit: { identity } }] as const;
  };
  const gate = {
    sessions: new Map([
      session('direct', 't1'),
      session('derived', 't2', ['t1', 'consent:c1']),
      session('other', 't3', ['t4']),
    ]),
    endSession: (id: string) => void ended.push(id),
  };
  return { gate: gate as unknown as Pick<RunningGate, 'sessions' | 'endSession'>, ended };
}

test('a revoked token ends its sessions and those of what was made from it', () => {
  const { gate, ended } = openGate();
  endSessionsOf('t1', gate);
  assert.equal(ended, ['direct', 'derived']);
});

test('a revoked consent ends the sessions that live by it, and no other', () => {
  const { gate, ended } = openGate();
  endSessionsOf('consent:c1', gate);
  assert.equal(ended, ['derived']);
  endSessionsOf('none', gate);
  assert.equal(ended, ['derived']);
});

test.run();
