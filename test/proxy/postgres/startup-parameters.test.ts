import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { readStartupRequest } from '../../../proxy/postgres/startup-parameters.ts';

const test = suite('proxy/postgres/startup-parameters');
const read = (parameters: Record<string, string>) =>
  readStartupRequest(new Map(Object.entries({ user: 'ann', ...parameters })));

test('harmless settings are passed on by their own names', () => {
  const request = read({
    database: 'shop',
    application_name: 'psql',
    client_encoding: "'utf-8'",
    datestyle: 'ISO',
    TimeZone: 'UTC',
    extra_float_digits: '3',
    options: ' ',
    replication: 'false',
    '_pq_.grease': '1',
  });
  assert.not(isRefusal(request));
  assert.equal(request, {
    user: 'ann',
    resource: 'shop',
    database: undefined,
    application: 'psql',
    settings: new Map([
      ['DateStyle', 'ISO'],
      ['TimeZone', 'UTC'],
      ['extra_float_digits', '3'],
    ]),
    unknownOptions: ['_pq_.grease'],
  });
});

test('the database names the resource, its second part the database there', () => {
  const request = read({ database: 'shop/orders/x' });
  assert.is(isRefusal(request) ? '' : request.resource, 'shop');
  assert.is(isRefusal(request) ? '' : request.database, 'orders/x');
});

test('an absent database is the name of the user, as in the server', () => {
  const request = read({});
  assert.is(isRefusal(request) ? '' : request.resource, 'ann');
});

test('everything that could change what SQL means is refused', () => {
  for (const [name, value] of [
    ['options', '-c search_path=evil'],
    ['search_path', 'evil'],
    ['session_authorization', 'postgres'],
    ['role', 'postgres'],
    ['replication', 'database'],
    ['replication', 'true'],
    ['client_encoding', 'SJIS'],
    ['client_encoding', 'SQL_ASCII'],
    ['standard_conforming_strings', 'off'],
  ] as const) {
    const refusal = read({ [name]: value });
    assert.ok(isRefusal(refusal), `${name}=${value}`);
  }
});

test('a start-up without a user is refused', () => {
  assert.ok(isRefusal(readStartupRequest(new Map([['database', 'shop']]))));
});

test.run();
