import test from 'ava';
import { isSnapshotDue } from '../../../src/replication/snapshot/snapshot-rules.js';

const config = { delayMs: 5000, enough: 0 };
const remote = { isRemote: true, isSpooled: false, since: 1000 };

test('replicas across sockets are waited for, to the millisecond', (t) => {
  t.false(isSnapshotDue([], config, 1e9));
  t.false(isSnapshotDue([remote], config, 5999));
  t.true(isSnapshotDue([remote], config, 6000));
  t.true(isSnapshotDue([remote], { ...config, delayMs: 0 }, 1000));
  t.true(isSnapshotDue([{ ...remote, since: 5000 }, remote], config, 6000));
});

test('enough of them are not', (t) => {
  t.false(isSnapshotDue([remote], { ...config, enough: 2 }, 1000));
  t.true(isSnapshotDue([remote, remote], { ...config, enough: 2 }, 1000));
});

test('one in the process, and one that gets a file, is served at once', (t) => {
  t.true(isSnapshotDue([remote, { ...remote, isRemote: false }], config, 1000));
  t.true(isSnapshotDue([{ ...remote, isSpooled: true }], config, 1000));
});
