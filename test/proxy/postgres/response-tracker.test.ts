import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../proxy/error.ts';
import { ResponseTracker, type Running } from '../../../proxy/postgres/response-tracker.ts';
import { BackendStream } from '../../../proxy/postgres/wire/backend-stream.ts';
import { bytes, cstring, cuts, int16, message, split, tags } from '../../support/postgres-wire.ts';

const test = suite('proxy/postgres/response-tracker');
const isTargetError = (error: unknown): boolean =>
  error instanceof ProxyError && error.code === 'target/protocol';

function running(action: number, takesCopy = false): Running {
  return {
    action,
    masker: undefined,
    takesCopy,
    changesSchema: false,
    rows: 0,
    bytes: 0,
    completed: 0,
    tag: '',
    sqlstate: '',
  };
}

function track() {
  const log: string[] = [];
  const tracker = new ResponseTracker({
    finished: ({ action }, { status, detail, rows }) =>
      void log.push(`${action} ${status} ${detail} ${rows}`),
    skipping: () => void log.push('skipping'),
    confirmed: () => void log.push('confirmed'),
    discarded: () => void log.push('discarded'),
    ready: (status, segment) => void log.push(`ready ${status} ${segment ?? '-'}`),
  });
  return { tracker, stream: new BackendStream(tracker), log };
}

const ERROR = message(
  'E',
  cstring('SERROR'),
  cstring('VERROR'),
  cstring('C22012'),
  cstring('Mno'),
  [0],
);
const READY = message('Z', 'I');
const ROW = message('D', int16(0));
const DONE = message('C', cstring('SELECT 2'));

test('a simple query is told with its rows, its last tag and the status, whatever the cut', () => {
  const answer = bytes(message('T', int16(0)), ROW, ROW, DONE, READY);
  for (const pieces of cuts(answer)) {
    const { tracker, stream, log } = track();
    tracker.expect({ kind: 'query', running: running(1), changes: [] });
    const out = Buffer.concat(pieces.flatMap((piece) => stream.push(piece)));
    assert.equal(out, answer);
    assert.equal(log, ['1 ok SELECT 2 2', 'ready I -']);
  }
});

test('the statements behind a failed one never happened', () => {
  const { tracker, stream, log } = track();
  const change = { segment: 1, apply: () => undefined };
  tracker.expect({ kind: 'query', running: running(1), changes: [change, change, change] });
  stream.push(bytes(DONE, ERROR, READY));
  assert.equal(log, ['confirmed', 'discarded', 'discarded', '1 error 22012 0', 'ready I -']);
});

test('after an error in a pipeline everything up to Sync is skipped', () => {
  const { tracker, stream, log } = track();
  tracker.expect({ kind: 'parse', change: { segment: 1, apply: () => undefined } });
  tracker.expect({ kind: 'bind' });
  stream.push(ERROR);
  assert.equal(log, ['discarded', 'skipping']);
  tracker.expect({ kind: 'sync', segment: 1 });
  stream.push(READY);
  assert.is(log.at(-1), 'ready I 1');
  assert.is(tracker.outstanding, 0);
});

test('an answer to a message the gateway put in is swallowed, an error of its making replaced', () => {
  const { tracker, stream } = track();
  tracker.expect({ kind: 'describe', portal: undefined, own: true });
  assert.is(Buffer.concat(stream.push(message('n'))).length, 0);
  const report = { severity: 'ERROR', sqlstate: '42501', message: 'not this' } as const;
  tracker.expect({ kind: 'refusal', report, ready: true });
  const out = Buffer.concat(stream.push(bytes(ERROR, READY)));
  assert.is(tags(split(out)), 'EZ');
  assert.match(out.toString(), /42501.*not this/s);
  assert.not.match(out.toString(), /22012/);
});

test('a target that answers what was not asked is not believed', () => {
  for (const stray of [
    ROW,
    DONE,
    READY,
    message('1'),
    message('G', [0], int16(0)),
    message('H', [0], int16(0)),
    message('W', [0], int16(0)),
    message('d', 'x'),
    message('R', [0, 0, 0, 0]),
    message('K', [0, 0, 0, 1, 1, 2, 3, 4]),
    message('?'),
  ]) {
    assert.throws(() => track().stream.push(stray), isTargetError);
  }
  const { tracker, stream } = track();
  tracker.expect({ kind: 'query', running: running(1), changes: [] });
  assert.throws(() => stream.push(message('G', [0], int16(0))), isTargetError);
});

test('a setting that changes how text is read is a fault, other settings pass', () => {
  const status = (name: string, value: string): Buffer =>
    message('S', cstring(name), cstring(value));
  const { stream } = track();
  const harmless = bytes(
    status('TimeZone', 'UTC'),
    status('client_encoding', 'UTF8'),
    status('standard_conforming_strings', 'on'),
  );
  assert.equal(Buffer.concat(stream.push(harmless)), harmless);
  for (const bad of [
    status('client_encoding', 'SJIS'),
    status('standard_conforming_strings', 'off'),
  ]) {
    assert.throws(
      () => track().stream.push(bad),
      (error: unknown) => error instanceof ProxyError && error.code === 'client/protocol',
    );
  }
});

test('what has not answered when the session ends is aborted', () => {
  const { tracker, log } = track();
  tracker.expect({ kind: 'query', running: running(4), changes: [] });
  tracker.abort('client gone');
  assert.equal(log, ['4 aborted client gone 0']);
  assert.is(tracker.outstanding, 0);
});

test.run();
