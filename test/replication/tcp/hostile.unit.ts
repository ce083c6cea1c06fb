/**
 * Masters and replicas that send anything: answers out of order, snapshots cut short and bent,
 * streams that are none. Nothing throws, nothing half-loaded is served, and afterwards the node is
 * a whole one.
 */
import * as fc from 'fast-check';
import ava from 'ava';
import { encodeRdb } from '../../../src/rdb/encode.js';
import { encodeCommand } from '../../../src/resp/encode-command.js';
import { connect, type SimPort } from '../../../src/sim/connection.js';
import { compileCore, LoneCore } from '../lone-core.js';
import type { SimulatedNode } from '../simulated-node.js';
import { SimulatedNodes } from '../simulated-nodes.js';

const test = ava.serial;

const REPLID = 'c'.repeat(40);
const MARK = 'm'.repeat(40);

/** Twenty keys in three databases. */
function makeSnapshot(): Buffer {
  const source = new LoneCore(65_536);
  for (let i = 0; i < 20; i++) source.set(i % 3, `key:${i}`, 'value '.repeat(i));
  source.snapshots.begin();
  const { at, length } = source.snapshots.step(1e6);
  const replication = { replid: REPLID, offset: 7, streamDb: 2 };
  const info = { createdAtSeconds: 0, usedMemoryBytes: 0, replication };
  return Buffer.concat([...encodeRdb(info, [source.u8.slice(at, at + length)], true)]);
}

/** Bytes as a master may send them, in some order. */
const pieces = (snapshot: Buffer): fc.Arbitrary<Buffer> =>
  fc.oneof(
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
        `$${snapshot.length}\r\n`,
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
    fc.constant(snapshot),
    fc.nat(snapshot.length).map((end) => snapshot.subarray(0, end)),
    fc.tuple(fc.nat(snapshot.length - 1), fc.nat(7)).map(([index, bit]) => {
      const bent = Buffer.from(snapshot);
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
const beginnings = (snapshot: Buffer): fc.Arbitrary<(string | Buffer)[]> =>
  fc.constantFrom<(string | Buffer)[]>(
    ['+PONG\r\n', '+OK\r\n', '+OK\r\n', `+FULLRESYNC ${REPLID} 7\r\n`, `$EOF:${MARK}\r\n`],
    ['+PONG\r\n', '+OK\r\n', '+OK\r\n', `+FULLRESYNC ${REPLID} 7\r\n`, `$${snapshot.length}\r\n`],
    [
      '+PONG\r\n',
      '+OK\r\n',
      '+OK\r\n',
      `+FULLRESYNC ${REPLID} 7\r\n`,
      `$${snapshot.length}\r\n`,
      snapshot,
    ],
    ['+PONG\r\n', '+OK\r\n', '+OK\r\n', '+CONTINUE\r\n'],
    ['+PONG\r\n'],
    [],
  );

/** A node whose master, once it has one, is the test: what it gets, and what it hears of. */
async function withRogue(
  holds: boolean,
): Promise<{ cluster: SimulatedNodes; node: SimulatedNode; dialled: SimPort[] }> {
  const cluster = await SimulatedNodes.start(0, { nodes: 2, placement: 'mixed' });
  const node = cluster.node(0);
  const rogue = cluster.world.nodes[1]!;
  const dialled: SimPort[] = [];
  rogue.alive = true;
  rogue.accept = (port): void => {
    port.on('message', () => {});
    dialled.push(port);
  };
  if (holds) for (let i = 0; i < 5; i++) node.write(0, 'SET', `own:${i}`, 'v');
  return { cluster, node, dialled };
}

test('a master may send anything', async (t) => {
  await compileCore();
  const snapshot = makeSnapshot();
  const piece = pieces(snapshot);
  const cut = fc.nat(50);
  let links = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      beginnings(snapshot),
      fc.array(piece, { maxLength: 12 }),
      cut,
      async (holds, first, more, size) => {
        const { cluster, node, dialled } = await withRogue(holds);
        const before = node.contents();
        node.ask('REPLICAOF', '127.0.0.1', String(cluster.world.nodes[1]!.address.port));
        await cluster.until(() => dialled.length > 0);
        const [master] = dialled;
        const bytes = Buffer.concat([...first.map((each) => Buffer.from(each)), ...more]);
        const step = size === 0 ? bytes.length : size;
        for (let from = 0; from < bytes.length; from += step) {
          master!.postMessage(bytes.subarray(from, from + step));
          await cluster.world.run(cluster.world.nowMs + 1);
        }
        master!.close();
        await cluster.settle();
        // Whole: what was there before, or a snapshot and what followed it, or nothing.
        const contents = node.contents();
        t.false(node.replicator.isLoading());
        if (holds && contents.some((line) => line.startsWith('0/own:'))) {
          t.deepEqual(
            contents.filter((line) => line.startsWith('0/own:')),
            before,
          );
        }
        links += node.seen('link-up').length;
        node.promote({ fence: false });
        t.is(node.write(5, 'SET', 'after', 'all'), null);
        t.true(node.contents().includes('5/after=all'));
      },
    ),
    { numRuns: 400 },
  );
  t.true(links > 40, 'some are taken for masters');
});

test('a replica may acknowledge anything, and end at any moment', async (t) => {
  const ask = fc.record({
    eof: fc.nat(3).map((one) => one > 0),
    says: fc.subarray([
      ['capa', 'psync2'],
      ['rdb-only', '1'],
      ['rdb-filter-only', 'functions'],
      ['rdb-filter-only', ''],
    ]),
    isOld: fc.boolean(),
    offset: fc.constantFrom(-1, 0, 1, 100, 2 ** 52),
    replid: fc.constantFrom('?', REPLID, '', 'x'),
  });
  const step = fc.oneof(
    fc.constantFrom('drain', 'close', 'settle', 'write'),
    fc.constantFrom(-5, 0, 1, 50, 2 ** 52),
  );
  let served = 0;
  const cluster = await SimulatedNodes.start(0); // The same for all: each leaves it whole.
  const node = cluster.node(0);
  for (let i = 0; i < 5; i++) node.write(0, 'SET', `own:${i}`, 'v');
  await fc.assert(
    fc.asyncProperty(ask, fc.array(step, { maxLength: 15 }), async (facts, steps) => {
      const user = { id: 'replica', alive: true, frozenUntil: 0, life: 0 };
      const [near, far] = connect(cluster.world.network, user, node.sim);
      const send = (...args: string[]): void => near.postMessage(encodeCommand(args));
      node.sim.accept(far, 'network');
      near.on('message', () => {});
      const says = facts.eof ? [['capa', 'eof'], ...facts.says] : facts.says;
      for (const [option, value] of says) {
        send('REPLCONF', option!, value!);
        await cluster.advance(2); // PSYNC is refused while a reply is under way.
      }
      near.pause();
      if (facts.isOld) send('SYNC');
      else send('PSYNC', facts.replid, String(facts.offset));
      await cluster.advance(1);
      served += Number(node.info('connected_slaves'));
      for (const each of steps) {
        if (typeof each === 'number') send('REPLCONF', 'ACK', String(each));
        else if (each === 'close') near.close();
        else if (each === 'settle') await cluster.advance(300);
        else if (each === 'write') t.is(node.write(0, 'SET', 'a', 'b'), null);
        else {
          near.resume();
          await cluster.advance(1);
          near.pause();
        }
      }
      await cluster.advance(1);
      // What it claims to have is never more than there is.
      const record = node.info('slave0');
      const claimed = Number(/offset=(-?\d+)/.exec(record ?? '')?.[1] ?? 0);
      t.true(claimed <= node.replicator.offset());
      near.close();
      await cluster.advance(1);
      t.is(node.info('connected_slaves'), '0');
    }),
    { numRuns: 300 },
  );
  t.true(served > 100, 'most are served');
});
