/**
 * A replica across a socket: answers, snapshot and stream are written to its connection.
 *
 * The stream has no buffer of its own. A cursor into this node's ring says how far it has been
 * written; as long as the socket takes more, what follows the cursor is copied out and written. What
 * has been written and not been acknowledged is the socket's, and the network's.
 *
 * @see redis/redis 7.0 src/replication.c, replicationSetupSlaveForFullResync(), replicaPutOnline()
 */
import type { Millis } from '../../base/time.js';
import type {
  ReplicaSession,
  ReplicaSessionOwner,
  SnapshotChunk,
  StreamAnswer,
} from '../replica-session.js';
import type { ReplicaLine } from './line.js';
import { PIECE_BYTES, type StreamReader } from './stream-reader.js';

/** What a replica has said of itself before it asked to follow. */
export interface ReplicaFacts {
  readonly host: string;
  readonly port: number;
  /** Its capabilities: it finds a snapshot's end by a mark; it takes a new id with +CONTINUE. */
  readonly eof: boolean;
  readonly psync2: boolean;
  /** It asked with SYNC: it expects neither an answer nor ids, and acknowledges nothing. */
  readonly isOld: boolean;
  /** It wants the snapshot and nothing after it (`redis-cli --rdb`). */
  readonly rdbOnly: boolean;
}

/** What the socket may hold before no more is written to it. */
const HIGH_WATER_BYTES = 4 * PIECE_BYTES;
/** A replica that waits for a snapshot hears from its master once in so long. */
const KEEP_ALIVE_MS: Millis = 1000;
const NEWLINE = Buffer.from('\n');

export class TcpReplicaSession implements ReplicaSession {
  readonly isRemote = true;
  readonly flowControl = 'disconnect';
  readonly facts: ReplicaFacts;
  readonly #line: ReplicaLine;
  readonly #owner: ReplicaSessionOwner;
  readonly #stream: StreamReader;
  readonly #mark: Buffer;
  /** The last byte of the stream that was written. */
  #cursor = 0;
  #isStreaming = false;
  /** All of the snapshot is written; its first acknowledgement says that it is loaded. */
  #awaitsFirstAck = false;
  /** Without the eof capability a snapshot can only be sent once its length is known. */
  #spool: Buffer[] | null = null;
  #awaitsDrain = false;
  #keptAliveAt: Millis = 0;

  /** @param mark - 40 bytes that no snapshot contains. */
  constructor(
    facts: ReplicaFacts,
    line: ReplicaLine,
    owner: ReplicaSessionOwner,
    stream: StreamReader,
    mark: string,
  ) {
    this.facts = facts;
    this.#line = line;
    this.#owner = owner;
    this.#stream = stream;
    this.#mark = Buffer.from(mark, 'latin1');
  }

  get host(): string {
    return this.facts.host;
  }

  get port(): number {
    return this.facts.port;
  }

  get acknowledges(): boolean {
    return !this.facts.isOld;
  }

  isCut(): boolean {
    return false;
  }

  isGone(): boolean {
    return false;
  }

  seenOffset(): number | null {
    // Nothing more will be heard of an old one: what is written counts as arrived.
    return this.facts.isOld ? this.#cursor : null;
  }

  ringCursor(): number {
    return this.#cursor;
  }

  continue({ replid }: StreamAnswer, offset: number): void {
    this.#cursor = offset;
    this.#say(this.facts.psync2 ? `+CONTINUE ${replid}\r\n` : '+CONTINUE\r\n');
    this.#isStreaming = true;
    this.wake();
  }

  fullResync({ replid }: StreamAnswer, offset: number): void {
    this.#cursor = offset;
    if (!this.facts.isOld) this.#say(`+FULLRESYNC ${replid} ${offset}\r\n`);
    if (!this.facts.eof) {
      this.#spool = [];
      return;
    }
    this.#say(`$EOF:${this.#mark.toString('latin1')}\r\n`);
  }

  isReady(): boolean {
    if (this.#spool !== null || this.#line.bufferedBytes < HIGH_WATER_BYTES) return true;
    this.#whenDrained(() => this.#owner.onReady(this, null));
    return false;
  }

  send({ body, isLast }: SnapshotChunk): void {
    if (!(body instanceof Uint8Array)) return; // A place is for those in the process.
    if (this.#spool !== null) {
      this.#spool.push(Buffer.from(body.buffer, body.byteOffset, body.length));
      if (isLast) this.#sendSpool(this.#spool);
      return;
    }
    this.#line.write(body);
    if (!isLast) return;
    this.#line.write(this.#mark);
    this.#onAllSent();
  }

  wake(): void {
    while (this.#isStreaming && !this.#awaitsDrain) {
      if (this.#line.bufferedBytes >= HIGH_WATER_BYTES) {
        this.#whenDrained(() => this.wake());
        return;
      }
      const bytes = this.#stream.read(this.#cursor);
      if (bytes === null) {
        this.refuse();
        this.#owner.onGone(this);
        return;
      }
      if (bytes.length === 0) return;
      this.#line.write(bytes);
      this.#cursor += bytes.length;
    }
  }

  keepAlive(now: Millis): void {
    if (now - this.#keptAliveAt < KEEP_ALIVE_MS) return;
    this.#keptAliveAt = now;
    this.#line.write(NEWLINE);
  }

  /** Across a socket there is no word for it: the connection ends. */
  refuse(): void {
    this.#isStreaming = false;
    this.#line.destroy();
  }

  /** REPLCONF ACK. */
  onAck(offset: number): void {
    if (!this.#owner.onHeard(this)) return;
    if (this.#awaitsFirstAck) {
      this.#awaitsFirstAck = false;
      this.#begin();
    }
    this.#owner.onAck(this, offset);
  }

  #sendSpool(spool: readonly Buffer[]): void {
    this.#spool = null;
    const length = spool.reduce((sum, { length: bytes }) => sum + bytes, 0);
    this.#say(`$${length}\r\n`);
    for (const bytes of spool) this.#line.write(bytes);
    if (this.facts.rdbOnly) this.#line.end();
    else this.#begin();
  }

  #onAllSent(): void {
    if (this.facts.rdbOnly) this.#line.end();
    else this.#awaitsFirstAck = true;
  }

  /** The stream goes out from the snapshot's moment on. */
  #begin(): void {
    this.#isStreaming = true;
    this.#owner.onLoaded(this);
    this.wake();
  }

  #whenDrained(task: () => void): void {
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#line.whenDrained(() => {
      this.#awaitsDrain = false;
      task();
    });
  }

  #say(text: string): void {
    this.#line.write(Buffer.from(text, 'latin1'));
  }
}
