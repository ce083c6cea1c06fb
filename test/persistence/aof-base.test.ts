/** Writing a base between commands, and giving that up. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import test from 'ava';
import { aofDisk } from '../../src/io/aof-disk.js';
import { type BaseParts, BaseWriting } from '../../src/persistence/aof-base.js';
import { Bench } from '../core/fixtures/bench.js';

test('one that is given up leaves the next one, of the same name, its file', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-base-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const bench = new Bench();
  for (let key = 0; key < 1000; key += 1) bench.run(['SET', `key:${key}`, 'v'.repeat(1000)]);
  const disk = aofDisk(() => folder);
  const parts: BaseParts = {
    core: bench.core,
    clock: { monotonicMs: () => bench.nowMs, wallMs: () => bench.nowMs },
    disk,
    format: {
      isRdb: true,
      checksum: true,
      compresses: false,
      hasTimestamps: false,
      replication: null,
    },
    syncsIncrementally: false,
    soon: setImmediate,
    later: () => () => {},
    keySaveDelayMicros: () => 0,
  };
  const first = new BaseWriting(parts, 'base', () => {});
  const firstEnd = first.run();
  first.abandon();
  disk.remove('base'); // As the owner does once it has ended.
  const second = new BaseWriting(parts, 'base', () => {});
  const secondEnd = second.run();
  t.false(await firstEnd);
  t.true(await secondEnd);
  t.true(existsSync(path.join(folder, 'base')));
  t.true((disk.sizeOf('base') ?? 0) > 1_000_000);
});
