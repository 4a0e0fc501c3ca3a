/** Which `Host` fields name the API itself. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHostCheck } from '../../../control/api/host.ts';

const host = suite('control/api/host');

host('without configured names only addresses and localhost are its own', () => {
  const isOwn = createHostCheck([]);
  for (const own of ['localhost', 'LOCALHOST.:80', '127.0.0.1', '[::1]:7070', '192.0.2.7:1'])
    assert.is(isOwn(own), true, own);
  for (const other of [undefined, '', 'evil.example', '127.0.0.1.evil.example', '1.2.3', '::1'])
    assert.is(isOwn(other), false, other ?? 'none');
});

host('a configured name is its own by any case and port, and no part of it is', () => {
  const isOwn = createHostCheck(['SP.internal']);
  assert.is(isOwn('sp.Internal:7070'), true);
  assert.is(isOwn('x.sp.internal'), false);
  assert.is(isOwn('internal'), false);
});

host.run();
