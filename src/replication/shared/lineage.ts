/**
 * What a node's memory tells of its place: whom it follows, and in which history its data are.
 *
 * Whoever asks a living node is told by frames. A node that stands still, or has died, answers
 * nobody: who is to take its place finds here whether it is a master, and whether one's own data
 * are the beginning of what it has, so that its ring can be read on from there.
 *
 * @see src/core/assembly/layout.ts, LINEAGE_VERSION
 */
import type { SharedMemory } from '../../base/shared-memory.js';
import {
  LINEAGE_ELSEWHERE,
  LINEAGE_MASTER,
  LINEAGE_REPLID,
  LINEAGE_REPLID2,
  LINEAGE_SECOND_OFFSET,
  LINEAGE_VERSION,
} from '../../core/assembly/layout.js';
import type { ReplicationIds } from '../replication-id.js';

export interface Lineage {
  /** The index of the node it follows; 'elsewhere': of another process. Null: it is a master. */
  readonly master: number | 'elsewhere' | null;
  readonly ids: ReplicationIds;
}

/** Words of an id, four of its characters in each. */
const ID_WORDS = 10;
/** A change takes some microseconds; one that outlasts so many looks was not finished. */
const TRIES = 1000;

/** The owner's side. */
export class OwnLineage {
  readonly #words: Uint32Array;
  readonly #longs: BigInt64Array;

  /** @param memory - the owner's. */
  constructor(memory: SharedMemory) {
    this.#words = new Uint32Array(memory.buffer);
    this.#longs = new BigInt64Array(memory.buffer);
  }

  setMaster(master: Lineage['master']): void {
    const word = master === 'elsewhere' ? LINEAGE_ELSEWHERE : master === null ? 0 : master + 1;
    this.#change(() => Atomics.store(this.#words, LINEAGE_MASTER >> 2, word));
  }

  setIds({ replid, replid2, secondReplOffset }: ReplicationIds): void {
    this.#change(() => {
      this.#setId(LINEAGE_REPLID, replid);
      this.#setId(LINEAGE_REPLID2, replid2);
      Atomics.store(this.#longs, LINEAGE_SECOND_OFFSET >> 3, BigInt(secondReplOffset));
    });
  }

  #setId(at: number, id: string): void {
    const text = Buffer.from(id, 'latin1');
    for (let word = 0; word < ID_WORDS; word++) {
      Atomics.store(this.#words, (at >> 2) + word, text.readUInt32LE(word * 4));
    }
  }

  #change(store: () => void): void {
    Atomics.add(this.#words, LINEAGE_VERSION >> 2, 1);
    store();
    Atomics.add(this.#words, LINEAGE_VERSION >> 2, 1);
  }
}

/** @returns null: its owner has told nothing yet, or ended in the middle of a change. */
export function readLineage(memory: SharedMemory): Lineage | null {
  const words = new Uint32Array(memory.buffer);
  const longs = new BigInt64Array(memory.buffer);
  for (let tries = 0; tries < TRIES; tries++) {
    const version = Atomics.load(words, LINEAGE_VERSION >> 2);
    if (version === 0) return null;
    const lineage = {
      master: masterOf(Atomics.load(words, LINEAGE_MASTER >> 2)),
      ids: {
        replid: idAt(words, LINEAGE_REPLID),
        replid2: idAt(words, LINEAGE_REPLID2),
        secondReplOffset: Number(Atomics.load(longs, LINEAGE_SECOND_OFFSET >> 3)),
      },
    };
    const isWhole = (version & 1) === 0;
    if (isWhole && Atomics.load(words, LINEAGE_VERSION >> 2) === version) return lineage;
  }
  return null;
}

function masterOf(word: number): Lineage['master'] {
  if (word === 0) return null;
  return word === LINEAGE_ELSEWHERE ? 'elsewhere' : word - 1;
}

function idAt(words: Uint32Array, at: number): string {
  const text = Buffer.alloc(ID_WORDS * 4);
  for (let word = 0; word < ID_WORDS; word++) {
    text.writeUInt32LE(Atomics.load(words, (at >> 2) + word), word * 4);
  }
  return text.toString('latin1');
}
