import test from 'ava';
import * as fc from 'fast-check';
import { RingleaderError } from '../../src/base/errors.js';
import { Core } from '../../src/core/core.js';
import { CoreChecksum } from '../../src/rdb/core-checksum.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { SnapshotTurn } from '../../src/core/snapshot-turn.js';
import { DiskError, type Disk } from '../../src/persistence/disk.js';
import { type LoadedHistory, RdbLoad } from '../../src/persistence/load.js';
import { MemoryDisk } from '../../src/persistence/memory-disk.js';
import { Persistence } from '../../src/persistence/persistence.js';

const module = await Core.compile();

function makeCore(): Core {
  const options = { databases: 16, backlogBytes: 65_536, maxmemoryBytes: 0, seed: 7 };
  const core = new Core(module, Core.createMemory(), options);
  core.setNow(1_000_000);
  return core;
}

const history = { replid: 'a'.repeat(40), offset: 77, streamDb: 3 };

function persistence(core: Core, disk: Disk, logs: string[] = []): Persistence {
  return new Persistence({
    core,
    turn: new SnapshotTurn(),
    clock: { wallMs: () => 5000, monotonicMs: () => 5000 },
    config: {
      savePoints: [],
      dbfilename: 'dump.rdb',
      checksum: true,
      compresses: true,
      stopsWritesOnError: true,
      syncsIncrementally: true,
      keySaveDelayMicros: 0,
      keyLoadDelayMicros: 0,
      loadSliceBytes: 2 ** 21,
    },
    disk,
    processId: 9,
    log: (_level, text) => void logs.push(text),
    replication: () => history,
    soon: (task) => queueMicrotask(task),
    later: () => () => {},
    beatSoon() {},
  });
}

/** @returns the file that a keyspace of some keys gives. */
function savedFile(): Buffer {
  const core = makeCore();
  const keyspace = new Keyspace(core);
  for (let i = 0; i < 20; i++) keyspace.db(i % 3).setString(`key:${i}`, `value ${i}`.repeat(i));
  keyspace.db(15).setString('expires', 'later', { expireAtMs: 9_999_999_999 });
  const disk = new MemoryDisk();
  persistence(core, disk).save();
  return Buffer.from(disk.open('dump.rdb')?.read(1 << 20) ?? []);
}

function load(bytes: Uint8Array): { keys: number; histories: LoadedHistory[] } {
  const core = makeCore();
  const disk = new MemoryDisk();
  const file = disk.create('dump.rdb');
  file.writeNow(bytes);
  file.close();
  const histories: LoadedHistory[] = [];
  const rdb = new RdbLoad(
    disk.open('dump.rdb')!,
    (run) => core.loader.run(run),
    () => {},
    new CoreChecksum(core),
    (found) => histories.push(found),
  );
  while (!rdb.step());
  return { keys: new Keyspace(core).totalKeys(), histories };
}

const file = savedFile();

function full(): never {
  throw new DiskError('No space left on device');
}

test('what is saved is loaded, with where it stood in which history', (t) => {
  t.deepEqual(load(file), { keys: 21, histories: [history] });
});

test('a file cut short anywhere is refused, with the offset', (t) => {
  for (let length = 0; length < file.length; length++) {
    t.throws(() => load(file.subarray(0, length)), {
      message: new RegExp(`^Internal error in RDB reading offset \\d+ of ${length} -> `),
    });
  }
});

test('a file with a bit flipped anywhere is refused', (t) => {
  fc.assert(
    fc.property(fc.nat(file.length * 8 - 1), (bit) => {
      const damaged = Buffer.from(file);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      t.throws(() => load(damaged), { instanceOf: RingleaderError }, `bit ${bit}`);
    }),
    { numRuns: 500 },
  );
});

test('whatever the bytes are, loading ends, with an error that says why or with keys', (t) => {
  const magic = Buffer.from('REDIS0010');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      try {
        load(Buffer.concat([magic, noise]));
      } catch (error) {
        t.true(error instanceof RingleaderError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('a type that is not there yet is refused by name', (t) => {
  const hash = Buffer.concat([Buffer.from('REDIS0012'), Buffer.from([24, 1, 0x6b, 0, 255])]);
  t.throws(() => load(hash), {
    message: /offset 9 of \d+ -> .*type 24, hash with expiring fields, is not supported/,
  });
});

test('a full disk fails a save, in either way, and leaves what was there', async (t) => {
  const disk = new MemoryDisk();
  const logs: string[] = [];
  const saves = persistence(makeCore(), disk, logs);
  t.is(saves.save().state, 'ok');
  const before = Buffer.from(disk.open('dump.rdb')?.read(1 << 20) ?? []);
  const create = disk.create.bind(disk);
  disk.create = (name) => ({ ...create(name), writeNow: full, write: async () => full() });
  t.is(saves.save().state, 'refused');
  t.is(saves.saveInBackground({ schedule: false, isQueued: false }).state, 'ok');
  for (let turns = 0; saves.isSaving && turns < 100; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.false(saves.isSaving);
  const failures = logs.filter((text) => text.includes('No space left on device'));
  t.deepEqual(
    failures,
    Array(2).fill('Write error saving DB on disk(rdbSaveRio): No space left on device'),
  );
  t.regex(String(saves.info().find(([name]) => name === 'rdb_last_bgsave_status')), /err/);
  t.is(disk.open('temp-9.rdb'), null);
  t.deepEqual(Buffer.from(disk.open('dump.rdb')?.read(1 << 20) ?? []), before);
});
