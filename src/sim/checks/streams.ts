/**
 * Replication, whatever is broken: one id means one sequence of bytes; at the same offset of it
 * nodes hold the same data; and a replica goes on from where it is only with a master whose bytes
 * up to there are its own.
 */
import { RingReader } from '../../backlog/ring-reader.js';
import type { NodeMemory } from '../../core/memory-view.js';
import type { Coverage } from '../coverage.js';
import { append, type GrowingBytes } from '../growing-bytes.js';
import type { SimNode } from '../sim-node.js';
import { check } from '../violation.js';
import { Contents } from './contents.js';

/** What is known of the stream that one id names. */
interface Log extends GrowingBytes {
  /** The offset before its first byte. */
  readonly base: number;
}

interface Cursor {
  readonly life: number;
  readonly replid: string;
  readonly offset: number;
}

/** So many bytes before the offset are compared where a replica goes on. */
const COMPARED_BYTES = 4096;

export class StreamChecks {
  readonly #coverage: Coverage;
  readonly contents = new Contents();
  readonly #logs = new Map<string, Log>();
  readonly #cursors = new Map<string, Cursor>();
  /** `replid offset` → who had which data there. */
  readonly #data = new Map<string, { readonly id: string; readonly data: string }>();
  /** Of each node: `replid offset` where its data were last looked at. */
  readonly #places = new Map<string, string>();

  constructor(coverage: Coverage) {
    this.#coverage = coverage;
  }

  /** After a node has done something. */
  turn(node: SimNode): void {
    const { actor, life } = node;
    if (actor === null || actor.replicator.isLoading()) {
      this.#cursors.delete(node.id);
      return;
    }
    const { replid, replid2, secondReplOffset } = actor.replicator.ids();
    const offset = actor.core.head();
    const before = this.#cursors.get(node.id);
    this.#cursors.set(node.id, { life, replid, offset });
    if (before === undefined || before.life !== life) return;
    // A history that goes on under another id does so from a known offset.
    const isContinued = before.replid === replid2 && secondReplOffset > 0;
    let from = before.replid === replid ? before.offset : offset;
    if (before.replid !== replid && isContinued) from = secondReplOffset - 1;
    if (from >= offset) return;
    const bytes = readRing(node, from, offset);
    if (bytes !== null) this.#compare(node.id, replid, from, bytes);
  }

  #compare(id: string, replid: string, from: number, bytes: Buffer): void {
    const log = this.#logs.get(replid);
    if (log === undefined) {
      this.#logs.set(replid, { base: from, bytes: Buffer.from(bytes), length: bytes.length });
      return;
    }
    const at = from - log.base;
    if (at < 0 || at > log.length) return; // Not adjoining what is known of it.
    const known = log.bytes.subarray(at, Math.min(at + bytes.length, log.length));
    check(
      known.equals(bytes.subarray(0, known.length)),
      'one id names two streams',
      () => `${id}: ${replid} after ${from}: ${text(bytes)}, known as ${text(known)}`,
    );
    this.#coverage.count('bytes compared', known.length);
    append(log, bytes.subarray(known.length));
  }

  /**
   * Compare the data of nodes that are at the same offset of one history.
   *
   * @param onlyMoved - not of those that are where they were the last time.
   */
  sample(nodes: readonly SimNode[], onlyMoved = false): void {
    for (const node of nodes) {
      const { actor } = node;
      if (actor === null || actor.replicator.isLoading() || actor.core.diverged) continue;
      if (node.isMaster ? actor.core.isFenced() : actor.replicator.isStale()) continue;
      const place = `${actor.replicator.replid()} ${actor.core.head()}`;
      if (onlyMoved && this.#places.get(node.id) === place) continue;
      this.#places.set(node.id, place);
      const data = this.contents.of(node);
      const other = this.#data.get(place);
      if (other === undefined) this.#data.set(place, { id: node.id, data });
      else {
        check(
          other.data === data,
          'other data at the same offset',
          () => `${node.id} at ${place}: ${data}; ${other.id}: ${other.data}`,
        );
        if (other.id !== node.id) this.#coverage.count('data compared');
      }
    }
  }

  /** A replica goes on at this offset with this master. */
  resumed(replica: SimNode, master: SimNode, offset: number): void {
    this.#coverage.count('partial syncs');
    const own = tail(replica, offset);
    const theirs = tail(master, offset);
    const length = Math.min(own.length, theirs.length);
    if (length === 0) return;
    const [a, b] = [own.subarray(-length), theirs.subarray(-length)];
    check(
      a.equals(b),
      'a partial resync of another history',
      () => `${replica.id} at ${offset}: ${text(a)}, ${master.id}: ${text(b)}`,
    );
    this.#coverage.count('partial syncs compared');
  }
}

/** @returns the bytes up to an offset that are still in the node's ring, some of them. */
function tail(node: SimNode, offset: number): Buffer {
  if (node.memory === null) return Buffer.alloc(0);
  const reader = readerOf(node.memory);
  if (!reader.isReady() || reader.head() < offset) return Buffer.alloc(0);
  const from = Math.max(reader.histStart(), offset - COMPARED_BYTES);
  return readRing(node, from, offset) ?? Buffer.alloc(0);
}

/** One for each memory, as a reader has memory of its own. */
const readers = new WeakMap<NodeMemory, RingReader>();

function readerOf(memory: NodeMemory): RingReader {
  const known = readers.get(memory);
  if (known !== undefined) return known;
  const reader = new RingReader(memory);
  readers.set(memory, reader);
  return reader;
}

/** @returns null: they are no longer there. */
function readRing({ memory }: SimNode, from: number, to: number): Buffer | null {
  if (memory === null || to <= from) return null;
  const reader = readerOf(memory);
  const bytes = Buffer.alloc(to - from);
  for (let done = 0; done < bytes.length;) {
    const read = reader.read(from + done, reader.history(), bytes.subarray(done));
    if (read.state !== 'copied') return null;
    done += read.bytes;
  }
  return bytes;
}

/** For people: the end of it, printable. */
function text(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).subarray(-80).toString('latin1'));
}
