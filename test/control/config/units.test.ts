/**
 * Durations, sizes and addresses are read exactly, or not at all.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatAddress,
  parseAddress,
  parseDuration,
  parseSize,
} from '../../../control/config/units.ts';

const units = suite('control/config/units');

units('durations', () => {
  assert.equal(
    ['250ms', '90s', '15m', '12h', '30d'].map(parseDuration),
    [250, 90_000, 900_000, 43_200_000, 2_592_000_000],
  );
  for (const text of ['', '5', 's', '-5s', '1.5h', '5 s', '5S', '5weeks', '1s1s'])
    assert.is(parseDuration(text), undefined, text);
});

units('sizes', () => {
  assert.equal(
    ['512B', '64KiB', '16MiB', '2GiB'].map(parseSize),
    [512, 65_536, 16_777_216, 2_147_483_648],
  );
  for (const text of ['', '5', '5KB', '5kib', '-1B', '1.5MiB'])
    assert.is(parseSize(text), undefined, text);
});

units('addresses, and back', () => {
  for (const text of ['127.0.0.1:0', 'localhost:65535', '[::1]:80', '0.0.0.0:1'])
    assert.is(formatAddress(parseAddress(text) ?? { host: '', port: -1 }), text);
  assert.equal(parseAddress('[::1]:80'), { host: '::1', port: 80 });
  for (const text of ['', ':80', 'host', 'host:', 'host:65536', '::1:80', 'a b:80', 'host:8x'])
    assert.is(parseAddress(text), undefined, text);
});

units.run();
