/**
 * The life of a request is closed: what is decided stays decided, and only a grant can be taken back.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { APPROVAL_STATES, nextState } from '../../../control/approvals/state.ts';

const states = suite('control/approvals/state');
const transitions = ['approve', 'deny', 'expire', 'cancel', 'revoke'] as const;

states('exactly five moves are possible', () => {
  const moves = APPROVAL_STATES.flatMap((from) =>
    transitions.flatMap((transition) => {
      const to = nextState(from, transition);
      return to === undefined ? [] : [`${from} ${transition} ${to}`];
    }),
  );
  assert.equal(moves, [
    'pending approve granted',
    'pending deny denied',
    'pending expire expired',
    'pending cancel cancelled',
    'granted revoke revoked',
  ]);
});

states.run();
