/**
 * A break-glass code opens once, says so before it opens, and opens nothing that could not be recorded.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type BreakGlassUse,
  createBreakGlass,
  sealCode,
} from '../../../control/identity/break-glass.ts';
import { isRefusal, refuse } from '../../../proxy/gate/refusal.ts';

const test = suite('control/identity/break-glass');
const { code, hash } = sealCode();

function open(recordable = true) {
  const used = new Set<string>();
  const alerts: (BreakGlassUse | 'refused')[] = [];
  const events: string[] = [];
  const glass = createBreakGlass({
    entries: [{ subject: 'rescue', name: 'Rescue', groups: ['admins'], hash, lifetimeMs: 60_000 }],
    store: {
      useOnce: async (id) => {
        const isFirst = !used.has(id);
        used.add(id);
        return isFirst;
      },
    },
    record: async (event) => {
      events.push(`${event.type} ${event.credential} ${event.detail}`);
      return recordable ? undefined : refuse('unavailable', 'journal/unavailable', 'no journal');
    },
    alert: (use) => void alerts.push(use),
    nowMs: () => 1e12,
  });
  return { glass, alerts, events };
}

test('the code opens once, loudly, and is told nowhere', async () => {
  const { glass, alerts, events } = open();
  assert.ok(glass.takes(code));
  const claims = await glass.open(code);
  assert.ok(!isRefusal(claims) && claims.sub === 'rescue' && claims.ext?.['break_glass'] === true);
  const again = await glass.open(code);
  assert.ok(isRefusal(again) && again.code === 'identity/break-glass');
  assert.is(alerts.length, 2);
  assert.is(alerts[1], 'refused');
  assert.is(events.length, 1);
  assert.not(JSON.stringify([alerts, events]).includes(code));
});

test('two at once: one opens', async () => {
  const { glass } = open();
  const both = await Promise.all([glass.open(code), glass.open(code)]);
  assert.is(both.filter(isRefusal).length, 1);
});

test('another code opens nothing, and what cannot be recorded does not open', async () => {
  const { glass, alerts } = open();
  assert.ok(isRefusal(await glass.open(sealCode().code)));
  assert.ok(isRefusal(await glass.open('sbg_short')));
  assert.equal(alerts, ['refused', 'refused']);
  assert.ok(isRefusal(await open(false).glass.open(code)));
});

test.run();
