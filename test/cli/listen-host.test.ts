import test from 'ava';

import { listenHost } from '../../src/cli/listen-host.js';

test('the first address is listened on; those that must not be missing are named', (t) => {
  t.deepEqual(listenHost(['127.0.0.1', '-::1'], true), { host: '127.0.0.1', leftOut: [] });
  t.deepEqual(listenHost(['10.0.0.1', '10.0.0.2'], true), {
    host: '10.0.0.1',
    leftOut: ['10.0.0.2'],
  });
});

test('a star is every address', (t) => {
  t.deepEqual(listenHost(['*', '-::*'], true), { host: '::', leftOut: [] });
  t.deepEqual(listenHost(['*', '-::*'], false), { host: '0.0.0.0', leftOut: [] });
  t.deepEqual(listenHost([], false), { host: '0.0.0.0', leftOut: [] });
});
