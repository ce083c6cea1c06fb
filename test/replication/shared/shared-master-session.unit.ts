/** What a session with a master of the process makes of frames that are late, lost or false. */
import test from 'ava';
import type {
  ReplicationEnvironment,
  ReplicationPeer,
} from '../../../src/replication/environment.js';
import { SharedChunks } from '../../../src/replication/shared/shared-chunks.js';
import type { MasterFrame } from '../../../src/replication/shared/frames.js';
import { SharedMasterSession } from '../../../src/replication/shared/shared-master-session.js';
import { compileCore, LoneCore } from '../lone-core.js';

test.before(compileCore);

const NUMBER = 7;

/**
 * A session that has been told of a full resync, and what its owner heard and its master was sent.
 */
function syncing(): {
  master: LoneCore;
  session: SharedMasterSession;
  heard: string[];
  sent: string[];
  chunk: (
    chunk: number,
    body: (MasterFrame & { type: 'snapshot' })['body'],
    isLast?: boolean,
  ) => void;
} {
  const master = new LoneCore(65_536);
  const heard: string[] = [];
  const sent: string[] = [];
  const peer: ReplicationPeer = {
    id: 'node-1',
    index: 1,
    address: { host: '127.0.0.1', port: 7001 },
    memory: master.memory,
    wire: {
      isCut: () => false,
      isClosed: false,
      send(frame) {
        sent.push(frame.type);
        return 'sent';
      },
    },
  };
  const env = { core: new LoneCore(65_536), ownIndex: 0 };
  const owner = {
    onHandshake: () => heard.push('handshake'),
    onHeard: () => {},
    onContinue: () => heard.push('continue'),
    onFullResync: (_replid: string, offset: number) => heard.push(`full ${offset}`),
    onSnapshotSize: () => {},
    onSnapshot: (bytes: Uint8Array) => heard.push(`bytes ${Buffer.from(bytes).toString()}`),
    onSnapshotEnd: () => heard.push('end'),
    onApplied: () => {},
    onAckWanted: () => {},
    onMark: () => {},
    onBallot: () => {},
    onStreamEnd: () => {},
    onRefused: () => {},
    onLost: (reason: string) => heard.push(`lost: ${reason}`),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- All that a session looks at.
  const environment = env as unknown as ReplicationEnvironment;
  const session = new SharedMasterSession(environment, owner, peer, NUMBER, {
    replid: '?',
    offset: -1,
  });
  session.onFrame({
    type: 'full-resync',
    session: NUMBER,
    replid: 'e'.repeat(40),
    offset: 5,
    history: 0,
  });
  return {
    master,
    session,
    heard,
    sent,
    chunk: (chunk, body, isLast = false) =>
      session.onFrame({ type: 'snapshot', session: NUMBER, chunk, body, isLast }),
  };
}

test('chunks arrive in order, each gives credit, the last ends the snapshot', (t) => {
  const { heard, sent, chunk } = syncing();
  chunk(0, Buffer.from('a'));
  chunk(1, Buffer.from('b'), true);
  t.deepEqual(heard, ['full 5', 'bytes a', 'bytes b', 'end']);
  t.deepEqual(sent, ['credit', 'credit']);
});

test('a chunk out of order is the end', (t) => {
  const { heard, chunk } = syncing();
  chunk(0, Buffer.from('a'));
  chunk(2, Buffer.from('c'), true);
  t.deepEqual(heard.slice(2), ['lost: a chunk was lost']);
});

test('a lent chunk is read where it lies, and void if it was taken back meanwhile', (t) => {
  const { master, heard, chunk } = syncing();
  const chunks = new SharedChunks<string>(master.memory, () => {});
  const at = master.input(4);
  master.u8.set(Buffer.from('body'), at);
  chunk(0, chunks.share(0, at, 4, ['replica']));
  t.deepEqual(heard.slice(1), ['bytes body']);
  const place = chunks.share(1, at, 4, ['replica']);
  chunks.forget('replica');
  chunk(1, place, true);
  t.is(heard.at(-1), 'lost: the master took a chunk back');
  t.false(heard.includes('end'));
});

test('a chunk that lies outside its master is refused', (t) => {
  const { heard, chunk } = syncing();
  chunk(0, { at: 2 ** 31, length: 10, slot: 0, stamp: 1 });
  t.is(heard.at(-1), 'lost: a chunk lies outside its master');
});

test('frames of another session, a second answer, and what comes after the end are passed over', (t) => {
  const { session, heard, chunk } = syncing();
  session.onFrame({ type: 'refuse', session: NUMBER + 1, error: 'ERR no' });
  session.onFrame({
    type: 'continue',
    session: NUMBER,
    replid: 'e'.repeat(40),
    history: 0,
  });
  t.deepEqual(heard, ['full 5']);
  session.close();
  chunk(0, Buffer.from('late'));
  t.deepEqual(heard, ['full 5']);
});
