/**
 * Readers beside a writer that does everything to their keys: new ones, other lengths, expiry,
 * deletion, eviction, growth and shrinking of the table, and now and then all keys at once.
 */
import { Prng } from '../../src/base/prng.js';
import { type BatchChannel, Cluster } from '../../src/index.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Board } from './board.js';
import { Reader } from './reader.js';
import { STAMP } from './reader-task.js';
import { makeValue } from './values.js';

export interface CheckPlan {
  /** Reads, over all threads, until it is enough. */
  readonly reads: number;
  readonly seed: number;
  readonly keys: number;
  /** Writes beside them, at least. */
  readonly writes: number;
  readonly progress: (line: string) => void;
}

export interface CheckResult {
  readonly reads: number;
  readonly hits: number;
  readonly writes: number;
  readonly evicted: number;
  readonly expired: number;
  readonly longestMs: number;
  readonly faults: readonly string[];
}

const COMMANDS_PER_BATCH = 200;
const BATCHES_PER_FLUSH = 997;
const IN_FLIGHT = 3;

export async function check({
  reads,
  writes,
  seed,
  keys,
  progress,
}: CheckPlan): Promise<CheckResult> {
  const cluster = await Cluster.start({
    replicas: 1,
    sentinels: 0,
    maxmemory: '6mb',
    config: { 'maxmemory-policy': 'volatile-lru', 'repl-backlog-size': '4mb' },
  });
  const board = new Board();
  const readers: Reader[] = [];
  try {
    const common = { handle: cluster.handle(), board: board.buffer, keys };
    for (const read of ['master', 'nearest'] as const) {
      readers.push(
        await Reader.start({ ...common, read, maxStalenessMs: 200, seed: seed + readers.length }),
      );
    }
    const total = (): number => readers.reduce((sum, { tally }) => sum + tally.reads, 0);
    const isOver = (written: number): boolean =>
      (total() >= reads && written >= writes) || readers.some(({ faults }) => faults.length > 0);
    const batches = await write(cluster.batches(), { seed, keys, board }, isOver, () =>
      progress(`${total().toLocaleString('en')} of ${reads.toLocaleString('en')} reads`),
    );
    board.end();
    await Promise.all(readers.map((reader) => reader.ended()));
    const cache = await cluster.cache();
    const { evictedKeys, expiredKeys } = cache.stats();
    return {
      reads: total(),
      hits: readers.reduce((sum, { tally }) => sum + tally.hits, 0),
      writes: batches * COMMANDS_PER_BATCH,
      evicted: evictedKeys,
      expired: expiredKeys,
      longestMs: Math.max(...readers.map(({ tally }) => tally.longestMs)),
      faults: readers.flatMap(({ faults }) => faults),
    };
  } finally {
    board.end();
    await Promise.all(readers.map((reader) => reader.kill()));
    await cluster.stop();
  }
}

/** @returns how many batches were written. */
async function write(
  channel: BatchChannel,
  { seed, keys, board }: { seed: number; keys: number; board: Board },
  isOver: (writes: number) => boolean,
  tell: () => void,
): Promise<number> {
  const random = new Prng(seed);
  const pending: Promise<void>[] = [];
  const send = async (bytes: Buffer, written: number, isFlush: boolean): Promise<void> => {
    await channel.send(bytes, COMMANDS_PER_BATCH);
    board.ack(written, Date.now());
    if (isFlush) board.flushed(Date.now());
  };
  let batch = 0;
  while (!isOver(batch * COMMANDS_PER_BATCH)) {
    batch += 1;
    const commands = [encodeCommand(['SET', STAMP, makeValue(STAMP, batch, 0, batch % 100)])];
    const isFlush = batch % BATCHES_PER_FLUSH === 0;
    if (isFlush) {
      await Promise.all(pending);
      board.flush(Date.now());
      commands.unshift(encodeCommand([random.below(2) === 0 ? 'FLUSHDB' : 'FLUSHALL']));
    }
    while (commands.length < COMMANDS_PER_BATCH) commands.push(change(random, keys, batch));
    pending.push(send(Buffer.concat(commands), batch, isFlush));
    if (pending.length > IN_FLIGHT) await pending.shift();
    if (batch % 1000 === 0) tell();
  }
  await Promise.all(pending);
  channel.close();
  return batch;
}

/** One change to one key, drawn at random. */
function change(random: Prng, keys: number, batch: number): Buffer {
  const key = `k${random.below(keys)}`;
  const size = random.below(20) === 0 ? random.below(6000) : random.below(200);
  const dice = random.below(10);
  // Keys come and go in tides, so that the table grows and shrinks.
  if (dice < (batch % 400 < 200 ? 1 : 6)) return encodeCommand(['UNLINK', key]);
  if (dice < 8) {
    const at = Date.now() + 1 + random.below(random.below(4) === 0 ? 200 : 30_000);
    return encodeCommand(['SET', key, makeValue(key, batch, at, size), 'PXAT', String(at)]);
  }
  if (dice < 9) return encodeCommand(['SET', key, makeValue(key, batch, 0, size), 'EX', '1000']);
  return encodeCommand(['MSET', key, makeValue(key, batch, 0, size)]);
}
