import test from 'ava';

import { checkAddressSpace } from '../../src/runtime/address-space.js';

const GIB = 1024 ** 3;

test('what actors need is said when the process may not have it, to the byte', (t) => {
  const used = 1 * GIB;
  // Several sentinels have a coordinator.
  const needed = used + 3 * 10 * GIB + 7 * 0.6 * GIB;
  t.notThrows(() => checkAddressSpace(3, 3, { limit: needed, used, guarded: true }));
  t.throws(() => checkAddressSpace(3, 3, { limit: needed - 1, used, guarded: true }), {
    code: 'OUT_OF_MEMORY',
    message:
      /^3 nodes and 3 sentinels need 35\.2 GiB of address space.* may have 35\.2 GiB\. Raise the limit \(ulimit -v\), or start Node with --disable-wasm-trap-handler: then a node reserves 4 GiB$/,
  });
});

test('without guards a node needs what it can become', (t) => {
  const limit = 1 * GIB + 4 * GIB + 0.6 * GIB;
  t.notThrows(() => checkAddressSpace(1, 0, { limit, used: GIB, guarded: false }));
  t.throws(() => checkAddressSpace(1, 0, { limit: limit - 1, used: GIB, guarded: false }), {
    message: /Raise the limit \(ulimit -v\)$/,
  });
});

test('no limit, or none that is known, forbids nothing', (t) => {
  t.notThrows(() => checkAddressSpace(17, 15, { limit: null, used: GIB, guarded: true }));
});
