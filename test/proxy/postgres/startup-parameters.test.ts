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
    reason: undefined,
    settings: new Map([
      ['DateStyle', 'ISO'],
      ['TimeZone', 'UTC'],
      ['extra_float_digits', '3'],
    ]),
    unknownOptions: ['_pq_.grease'],
  });
});

test('a reason is read from its own parameter and from options, and goes no further', () => {
  for (const [options, reason] of [
    ['-c sallyport.reason=INC-7', 'INC-7'],
    ['-csallyport.reason=INC-7', 'INC-7'],
    ['--Sallyport.Reason=a\\ b\\\\c=d', 'a b\\c=d'],
    ['-c sallyport.reason=one -c sallyport.reason=two', 'two'],
  ] as const) {
    const request = read({ options });
    assert.is(isRefusal(request) ? request.code : request.reason, reason, options);
    assert.is(isRefusal(request) ? -1 : request.settings.size, 0);
  }
  const own = read({ 'sallyport.reason': 'line\nbreak \u001b[31m' });
  assert.is(isRefusal(own) ? '' : own.reason, 'line break [31m');
});

test('options that ask for anything besides a reason are refused', () => {
  for (const options of [
    '-c sallyport.reason=x -c search_path=evil',
    '-c sallyport.reason',
    '-c',
    'sallyport.reason=x',
    '-c sallyport.reasons=x',
    '-c sallyport.reason=x -S 5',
  ]) {
    const request = read({ options });
    assert.is(isRefusal(request) ? request.code : 'taken', 'startup/parameter', options);
  }
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
