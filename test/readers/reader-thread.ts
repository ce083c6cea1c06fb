/**
 * A thread that reads and judges what it gets, until the board says that it is over or it is
 * killed.
 *
 * Every value must be whole, its key's, and alive; and a stamp, written with every batch, no older
 * than was asked for: of a master at least the last batch acknowledged before the read began; of a
 * replica, one that was the latest at some moment within the bound.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';

import { Prng } from '../../src/base/prng.js';
import { attach, type Cache } from '../../src/index.js';
import { Board, Tally } from './board.js';
import { type ReaderTask, STAMP } from './reader-task.js';
import { checkValue } from './values.js';

/** Reads between two turns of the loop. */
const SLICE = 2000;
/** ms by which clocks that count whole ms may differ. */
const CLOCK_MS = 3;

const task: ReaderTask = workerData;
const board = new Board(task.board);
const tally = new Tally(task.tally);
const random = new Prng(task.seed);
const { read, maxStalenessMs } = task;
const cache = await attach(task.handle, { codec: 'buffer', read, maxStalenessMs });
parentPort!.postMessage({ type: 'attached' });
while (!board.isOver) {
  slice(cache);
  await sleep(1); // The writer, and the rest of the machine, want to run as well.
}
cache.close();

function slice(from: Cache<Buffer>): void {
  let hits = 0;
  let failures = 0;
  let longestMs = 0;
  for (let i = 0; i < SLICE; i++) {
    const key = i % 50 === 0 ? STAMP : `k${random.below(task.keys)}`;
    const acked = board.acked;
    const began = Date.now();
    const start = performance.now();
    let value: Buffer | undefined;
    try {
      value = from.getSync(key);
    } catch (error) {
      failures += 1;
      tell(`${key}: ${String(error)}`);
    }
    longestMs = Math.max(longestMs, performance.now() - start);
    if (value === undefined) {
      const boundMs = CLOCK_MS + (read === 'master' ? 0 : maxStalenessMs);
      const mayMiss = key !== STAMP || board.isFlushing(began, Date.now(), boundMs);
      if (!mayMiss && failures === 0) judgeBatch(0, acked, began);
      continue;
    }
    hits += 1;
    judge(key, value, acked, began);
  }
  tally.add(SLICE, hits, failures, longestMs);
}

function judge(key: string, value: Buffer, acked: number, began: number): void {
  const facts = checkValue(key, value);
  if (typeof facts === 'string') {
    tell(facts);
    return;
  }
  const { batch, expireAtMs } = facts;
  if (expireAtMs !== 0 && expireAtMs < began) tell(`${key}: expired ${began - expireAtMs} ms ago`);
  if (key === STAMP) judgeBatch(batch, acked, began);
}

function judgeBatch(batch: number, acked: number, began: number): void {
  if (batch >= acked) return;
  if (read === 'master') tell(`batch ${batch} after ${acked} was acknowledged`);
  const staleMs = began - board.ackedAt(batch + 1);
  if (staleMs > maxStalenessMs + CLOCK_MS) tell(`batch ${batch}: ${staleMs} ms old`);
}

function tell(fault: string): void {
  parentPort!.postMessage({ type: 'fault', fault: `${read}: ${fault}` });
}
