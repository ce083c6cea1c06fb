/**
 * A replica across a socket: answers, snapshot and stream are written to its connection.
 *
 * The stream has no buffer of its own. A cursor into this node's ring says how far it has been
 * written; as long as the socket takes more, what follows the cursor is copied out and written.
 * What has been written and not been acknowledged is the socket's, and the network's.
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
import type { Spool } from './spool.js';
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
  /** What of it. */
  readonly rdbContents: 'all' | 'libraries' | 'nothing';
}

/** What a session is given by this node. */
export interface ReplicaMeans {
  readonly stream: StreamReader;
  /** 40 bytes that no snapshot contains. */
  readonly mark: string;
  /** The snapshot is to go by a file even where it need not. */
  readonly spools: boolean;
  /** @throws where the disk refuses. */
  openSpool(): Spool;
}

/** What the socket may hold before no more is written to it. */
const HIGH_WATER_BYTES = 4 * PIECE_BYTES;
/** A replica that waits for a snapshot hears from its master once in so long. */
const KEEP_ALIVE_MS: Millis = 1000;
const NEWLINE = Buffer.from('\n');

export class TcpReplicaSession implements ReplicaSession {
  readonly isRemote = true;
  readonly nodeIndex = null;
  readonly flowControl = 'disconnect';
  readonly facts: ReplicaFacts;
  readonly isSpooled: boolean;
  readonly #line: ReplicaLine;
  readonly #owner: ReplicaSessionOwner;
  readonly #means: ReplicaMeans;
  readonly #mark: Buffer;
  /** The last byte of the stream that was written. */
  #cursor = 0;
  #isStreaming = false;
  #isOver = false;
  #givenBytes = 0;
  /** All of the snapshot is written; its first acknowledgement says that it is loaded. */
  #awaitsFirstAck = false;
  #spool: Spool | null = null;
  /** Bytes of the spool that are written; -1: it is not whole yet. */
  #spoolSent = -1;
  #awaitsDrain = false;
  #keptAliveAt: Millis = 0;

  constructor(
    facts: ReplicaFacts,
    line: ReplicaLine,
    owner: ReplicaSessionOwner,
    means: ReplicaMeans,
  ) {
    this.facts = facts;
    this.#line = line;
    this.#owner = owner;
    this.#means = means;
    this.#mark = Buffer.from(means.mark, 'latin1');
    // Without that capability it has to be told the length first.
    this.isSpooled = means.spools || !facts.eof;
  }

  get host(): string {
    return this.facts.host;
  }

  get port(): number {
    return this.facts.port;
  }

  get rdbContents(): 'all' | 'libraries' | 'nothing' {
    return this.facts.rdbContents;
  }

  get isBackup(): boolean {
    return this.facts.rdbOnly;
  }

  get givenBytes(): number {
    return this.#givenBytes;
  }

  get leftBytes(): number {
    return this.#isOver ? Infinity : this.#givenBytes - this.#line.bufferedBytes;
  }

  get isOwing(): boolean {
    return this.#line.bufferedBytes > 0;
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
    if (!this.isSpooled) this.#say(`$EOF:${this.#mark.toString('latin1')}\r\n`);
  }

  isReady(): boolean {
    if (this.isSpooled || this.#line.bufferedBytes < HIGH_WATER_BYTES) return true;
    this.#whenDrained(() => this.#owner.onReady(this, null));
    return false;
  }

  send({ body, isLast }: SnapshotChunk): void {
    if (!(body instanceof Uint8Array)) return; // A place is for those in the process.
    if (this.isSpooled) return this.#keep(body, isLast);
    this.#write(body);
    if (!isLast) return;
    this.#write(this.#mark);
    if (this.facts.rdbOnly) this.#line.end();
    else this.#awaitsFirstAck = true;
  }

  wake(): void {
    while (this.#isStreaming && !this.#awaitsDrain) {
      if (this.#line.bufferedBytes >= HIGH_WATER_BYTES) {
        this.#whenDrained(() => this.wake());
        return;
      }
      const bytes = this.#means.stream.read(this.#cursor, this);
      if (bytes === null) {
        this.#fail('the backlog no longer holds what follows');
        return;
      }
      if (bytes.length === 0) return;
      this.#write(bytes);
      this.#cursor += bytes.length;
    }
  }

  keepAlive(now: Millis): void {
    if (now - this.#keptAliveAt < KEEP_ALIVE_MS) return;
    this.#keptAliveAt = now;
    this.#write(NEWLINE);
  }

  /** Across a socket there is no word for it: the connection ends. */
  refuse(): void {
    this.end();
    this.#line.destroy();
  }

  /** The connection is over. */
  end(): void {
    this.#isOver = true;
    this.#isStreaming = false;
    this.#closeSpool();
  }

  /** It has sent something, if only an empty line. */
  onBytes(): void {
    this.#owner.onHeard(this);
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

  #keep(body: Uint8Array, isLast: boolean): void {
    try {
      this.#spool ??= this.#means.openSpool();
      this.#spool.write(body);
    } catch (error) {
      this.#fail(`no room for its snapshot: ${String(error)}`);
      return;
    }
    if (!isLast) return;
    this.#say(`$${this.#spool.length}\r\n`);
    this.#spoolSent = 0;
    this.#sendSpool();
  }

  #sendSpool(): void {
    const spool = this.#spool;
    if (spool === null) return;
    while (this.#spoolSent < spool.length) {
      if (this.#line.bufferedBytes >= HIGH_WATER_BYTES) {
        this.#whenDrained(() => this.#sendSpool());
        return;
      }
      const bytes = spool.read(this.#spoolSent, PIECE_BYTES);
      if (bytes.length === 0) return this.#fail('its snapshot is cut short');
      this.#write(bytes);
      this.#spoolSent += bytes.length;
    }
    this.#closeSpool();
    if (this.facts.rdbOnly) this.#line.end();
    else this.#begin();
  }

  #closeSpool(): void {
    this.#spool?.close();
    this.#spool = null;
  }

  #fail(reason: string): void {
    this.#owner.onFailed(this, reason);
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

  #write(bytes: Uint8Array): void {
    this.#givenBytes += bytes.length;
    this.#line.write(bytes);
  }

  #say(text: string): void {
    this.#write(Buffer.from(text, 'latin1'));
  }
}
