/**
 * Masters and replicas that send anything: answers out of order, snapshots cut short and bent,
 * streams that are none. Nothing throws, nothing half-loaded is served, and afterwards the node is
 * a whole one.
 */
import * as fc from 'fast-check';
import test from 'ava';
import { encodeRdb } from '../../../src/rdb/encode.js';
import type { MasterLineHandlers } from '../../../src/replication/tcp/line.js';
import type { ReplicaLine } from '../../../src/replication/tcp/line.js';
import { encodeCommand } from '../../../src/resp/encode-command.js';
import { makeRealCore } from '../real-core.js';
import { VirtualCluster, type VirtualNode } from '../virtual-cluster.js';

const REPLID = 'c'.repeat(40);
const MARK = 'm'.repeat(40);

const source = makeRealCore();
for (let i = 0; i < 20; i++) {
  source.run(['SET', `key:${i}`, 'value '.repeat(i)], 0, i % 3);
  source.takeReplies();
}
source.snapshots.begin();
const { at, length } = source.snapshots.step(1e6);
const SNAPSHOT = Buffer.concat([
  ...encodeRdb(
    {
      createdAtSeconds: 0,
      usedMemoryBytes: 0,
      replication: { replid: REPLID, offset: 7, streamDb: 2 },
    },
    [source.u8.slice(at, at + length)],
    true,
  ),
]);

/** Bytes as a master may send them, in some order. */
const piece: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom(
      '+PONG\r\n',
      '+OK\r\n',
      '-ERR no\r\n',
      '\n',
      '\r\n',
      `+FULLRESYNC ${REPLID} 7\r\n`,
      `+FULLRESYNC ${REPLID} 99999999999999999999\r\n`,
      '+CONTINUE\r\n',
      `+CONTINUE ${'d'.repeat(40)}\r\n`,
      '-LOADING later\r\n',
      `$EOF:${MARK}\r\n`,
      `$${SNAPSHOT.length}\r\n`,
      '$12\r\n',
      '$99999999999\r\n',
      MARK,
      '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$99999999\r\n',
      '*1\r\n$5\r\nMULTI\r\n',
      '*1\r\n$4\r\nEXEC\r\n',
      '*-1\r\n',
      '*99999999\r\n',
      'SET inline 1\r\n',
    )
    .map((text) => Buffer.from(text)),
  fc.constant(SNAPSHOT),
  fc.nat(SNAPSHOT.length).map((end) => SNAPSHOT.subarray(0, end)),
  fc.tuple(fc.nat(SNAPSHOT.length - 1), fc.nat(7)).map(([index, bit]) => {
    const bent = Buffer.from(SNAPSHOT);
    bent[index]! ^= 1 << bit;
    return bent;
  }),
  fc
    .constantFrom(
      ['SET', 'x', '1'],
      ['SELECT', '3'],
      ['DEL', 'x'],
      ['REPLCONF', 'GETACK', '*'],
      ['SELECT', '77'],
    )
    .map((words) => Buffer.from(encodeCommand(words))),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
);

/** Most of them begin as a handshake does: else nothing gets far. */
const beginning = fc.constantFrom(
  ['+PONG\r\n', '+OK\r\n', '+OK\r\n', `+FULLRESYNC ${REPLID} 7\r\n`, `$EOF:${MARK}\r\n`],
  ['+PONG\r\n', '+OK\r\n', '+OK\r\n', `+FULLRESYNC ${REPLID} 7\r\n`, `$${SNAPSHOT.length}\r\n`],
  [
    '+PONG\r\n',
    '+OK\r\n',
    '+OK\r\n',
    `+FULLRESYNC ${REPLID} 7\r\n`,
    `$${SNAPSHOT.length}\r\n`,
    SNAPSHOT,
  ],
  ['+PONG\r\n', '+OK\r\n', '+OK\r\n', '+CONTINUE\r\n'],
  ['+PONG\r\n'],
  [],
);

/** A node with a dial: what it dials is answered by the test. */
function alone(holds: boolean): { node: VirtualNode; dialled: MasterLineHandlers[] } {
  const cluster = VirtualCluster.start(0, makeRealCore);
  const node = cluster.node(0);
  const dialled: MasterLineHandlers[] = [];
  node.dial = (_host, _port, handlers) => {
    dialled.push(handlers);
    return { write() {}, close() {} };
  };
  if (holds) for (let i = 0; i < 5; i++) node.write(0, 'SET', `own:${i}`, 'v');
  return { node, dialled };
}

test('a master may send anything', (t) => {
  const cut = fc.nat(50);
  fc.assert(
    fc.property(
      fc.boolean(),
      beginning,
      fc.array(piece, { maxLength: 12 }),
      cut,
      (holds, first, more, size) => {
        const { node, dialled } = alone(holds);
        const before = node.core.contents();
        node.replicator.replicaOf({ host: '10.0.0.1', port: 1 });
        const [master] = dialled;
        master!.onOpen();
        const bytes = Buffer.concat([...first.map((each) => Buffer.from(each)), ...more]);
        const step = size === 0 ? bytes.length : size;
        for (let from = 0; from < bytes.length; from += step) {
          master!.onBytes(Buffer.from(bytes.subarray(from, from + step)));
          node.cluster.settle();
        }
        master!.onClose('gone');
        node.cluster.settle();
        // Whole: what was there before, or a snapshot and what followed it, or nothing.
        const contents = node.core.contents();
        const isLoading = node.replicator.isLoading();
        t.false(isLoading);
        if (holds && contents.some((line) => line.startsWith('0/own:'))) {
          t.deepEqual(
            contents.filter((line) => line.startsWith('0/own:')),
            before,
          );
        }
        node.replicator.promote({ fence: false });
        t.is(node.write(5, 'SET', 'after', 'all'), null);
        t.true(node.core.contents().includes('5/after=all'));
      },
    ),
    { numRuns: 400 },
  );
});

test('a replica may acknowledge anything, and end at any moment', (t) => {
  const ask = fc.record({
    eof: fc.boolean(),
    psync2: fc.boolean(),
    isOld: fc.boolean(),
    rdbContents: fc.constantFrom('all' as const, 'libraries' as const, 'nothing' as const),
    rdbOnly: fc.boolean(),
    offset: fc.constantFrom(-1, 0, 1, 100, 2 ** 52),
    replid: fc.constantFrom('?', REPLID, '', 'x'),
  });
  const step = fc.oneof(
    fc.constantFrom('drain', 'close', 'settle', 'write'),
    fc.constantFrom(-5, 0, 1, 50, 2 ** 52),
  );
  fc.assert(
    fc.property(ask, fc.array(step, { maxLength: 15 }), (facts, steps) => {
      const { node } = alone(true);
      const drained: (() => void)[] = [];
      const line: ReplicaLine = {
        bufferedBytes: 0,
        write() {},
        whenDrained: (task) => drained.push(task),
        end() {},
        destroy() {},
      };
      const { replid, offset, ...rest } = facts;
      const served = node.replicator.serve({ host: '10.0.0.2', port: 1, ...rest }, line, {
        replid,
        offset,
      });
      if (typeof served === 'string') return;
      let isOpen = true;
      for (const each of steps) {
        if (typeof each === 'number') {
          if (isOpen) served.onAck(each);
        } else if (each === 'close') {
          if (isOpen) served.onClose();
          isOpen = false;
        } else if (each === 'drain') for (const task of drained.splice(0)) task();
        else if (each === 'settle') node.cluster.advance(300);
        else t.is(node.write(0, 'SET', 'a', 'b'), null);
      }
      // What it claims to have is never more than there is.
      const record = node.info('slave0');
      const claimed = Number(/offset=(-?\d+)/.exec(record ?? '')?.[1] ?? 0);
      t.true(claimed <= node.replicator.offset());
    }),
    { numRuns: 300 },
  );
});
