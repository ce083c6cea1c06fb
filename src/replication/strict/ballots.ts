/**
 * What the nodes of a strict cluster have promised, in memory that outlives their threads.
 *
 * A ballot is a number that one node alone can have: a round times 64, plus the node's index. To
 * follow a master is to promise it its ballot: no master with a lower one is acknowledged anything
 * from then on. A promise that were forgotten with a thread would be none, so it stands here, as
 * does the ballot of the master that last confirmed the node's data.
 *
 *   word 0         1: the cluster has had its first master
 *   word 1 + 2i    node i's promise; 0 at first, which is the first master's ballot
 *   word 2 + 2i    1 + the ballot of its data; 0: it has lost them, or never had any
 *
 * A node writes its own words; a promotion that has fenced a dead or frozen master and read all
 * that it published writes that one's promise. Others read them as they read a node's HEAD: not
 * across a partition.
 */
import { assert } from '../../base/assert.js';
import { BALLOT_BYTES, BALLOT_NODES as MAX_NODES } from '../../base/ballot-memory.js';
import { NO_DATA } from './quorum.js';

export class Ballots {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    assert(memory.byteLength === BALLOT_BYTES, 'not the ballots of a cluster');
    this.#words = new Int32Array(memory);
  }

  /** @returns whether the caller is the first master: nobody can have promised anything before. */
  begin(): boolean {
    return Atomics.compareExchange(this.#words, 0, 0, 1) === 0;
  }

  promised(index: number): number {
    return Atomics.load(this.#words, 1 + 2 * index);
  }

  /** A promise is never taken back: a lower one changes nothing. */
  promise(index: number, ballot: number): void {
    const at = 1 + 2 * index;
    for (;;) {
      const before = Atomics.load(this.#words, at);
      if (before >= ballot) return;
      if (Atomics.compareExchange(this.#words, at, before, ballot) === before) return;
    }
  }

  /** The ballot of the master that confirmed the node's data; NO_DATA: they are not whole. */
  data(index: number): number {
    return Atomics.load(this.#words, 2 + 2 * index) - 1;
  }

  setData(index: number, ballot: number): void {
    assert(ballot >= NO_DATA, 'a ballot is 0 or more');
    Atomics.store(this.#words, 2 + 2 * index, ballot + 1);
  }

  /** @returns the lowest ballot of this node's that is higher than all these. */
  static next(index: number, ...above: readonly number[]): number {
    const round = Math.floor(Math.max(...above) / MAX_NODES) + 1;
    return round * MAX_NODES + index;
  }
}
