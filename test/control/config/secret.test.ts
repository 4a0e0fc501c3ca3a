/**
 * No way of printing a secret gives its value.
 */
import { inspect } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Secret } from '../../../control/config/secret.ts';

const secrets = suite('control/config/secret');

secrets('every way of printing gives <secret>', () => {
  const secret = new Secret('hunter2');
  const printed = [
    String(secret),
    `${secret}`,
    secret.toString(),
    ['', secret].join(''),
    inspect(secret),
    inspect({ nested: [secret] }, { depth: 9, showHidden: true }),
    JSON.stringify({ secret }),
    JSON.stringify(Object.entries(secret)),
  ];
  for (const text of printed) assert.not.match(text, /hunter2/);
  assert.is(JSON.stringify({ secret }), '{"secret":"<secret>"}');
  assert.is(secret.reveal(), 'hunter2');
});

secrets('a copy by structure holds nothing', () => {
  const secret = new Secret('hunter2');
  assert.not.match(JSON.stringify({ ...secret }), /hunter2/);
  assert.not.match(inspect(structuredClone({ ...secret })), /hunter2/);
});

secrets.run();
