/**
 * A client of a node: what commands see of it (commands/node/clients.ts), and what the machinery
 * around them keeps of it. Its bytes, in and out, are the connection's (connection/connection.ts).
 *
 * @see redis/redis 7.0 src/server.h, struct client; src/networking.c, catClientInfoString()
 */
import type { AccessUser } from '../commands/access/user.js';
import type { ByteWriter } from '../resp/byte-writer.js';
import type { RespVersion } from '../resp/encode.js';
import { replyBytes } from '../resp/encode.js';
import type { Reply } from '../resp/reply.js';
import type {
  BlockedState,
  ClientOrigin,
  ClientTracking,
  ClientType,
  CommandClient,
  OutputStream,
  ReplicaState,
} from '../commands/node/clients.js';
import type { RawReply } from '../commands/spec.js';
import { clientLine } from './client-line.js';
import type { Transaction } from './queued.js';

/** Where a client's replies go. */
export interface ClientOutput {
  readonly remoteAddress: string;
  readonly localAddress: string;
  /** Bytes queued and not yet taken by the other side. */
  readonly outputBytes: number;
  /** Bytes received and not yet done with, those of the command that is running included. */
  readonly inputBytes: number;
  /** Bytes of the arguments of the command that is running. */
  readonly argumentBytes: number;
  send(bytes: Uint8Array): void;
  /** @returns the connection itself; replies that are queued go out first. */
  stream(): OutputStream;
  /** End the connection now, without what is still to be sent. */
  kill(): void;
  /** See cron.ts. */
  cron(nowMs: number): void;
}

/** What a client waits for in a command. */
export interface BlockedClient extends BlockedState {
  /** Answer in place of what the client waits for. */
  settle(reply: Reply | RawReply, micros?: number): void;
  /** It waits no more, and gets no answer. */
  end(): void;
}

/** Of a client without a connection: what is sent to it goes nowhere. */
export const NO_OUTPUT: ClientOutput = {
  remoteAddress: '',
  localAddress: '',
  outputBytes: 0,
  inputBytes: 0,
  argumentBytes: 0,
  send() {},
  stream: () => NO_STREAM,
  kill() {},
  cron() {},
};

const NO_STREAM: OutputStream = {
  bufferedBytes: 0,
  write() {},
  whenDrained() {},
  end() {},
  destroy() {},
};

export class Client implements CommandClient {
  readonly id: number;
  readonly output: ClientOutput;
  /** Unix ms. */
  readonly createdAtMs: number;
  lastInteractionMs: number;
  origin: ClientOrigin = 'network';
  db = 0;
  resp: RespVersion = 2;
  name = '';
  authenticated: boolean;
  user: AccessUser | null = null;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  /** `skip-next` becomes `skip` for one command, then `on`. */
  replyMode: 'on' | 'off' | 'skip-next' | 'skip' = 'on';
  noEvict = false;
  tracking: ClientTracking | null = null;
  transaction: Transaction | null = null;
  /** A key it WATCHes has changed. */
  watchBroken = false;
  blocked: BlockedClient | null = null;
  /** Its commands wait for the end of CLIENT PAUSE. */
  isPostponed = false;
  closeAfterReply = false;
  /** It replicates from this node (set by PSYNC), or is the link to this node's master. */
  link: 'replica' | 'master' | null = null;
  readonly replica: ReplicaState = {
    listeningPort: 0,
    address: '',
    eof: false,
    psync2: false,
    rdbOnly: false,
    rdbContents: 'all',
    served: null,
  };
  /** It is shown all commands (monitors.ts). */
  isMonitor = false;
  isScript = false;
  /** Full name of its last command; null: there is none, or no command is called so. */
  lastCommand: string | null = null;
  /** Replication offset after its last command: what WAIT waits for. */
  writeOffset = 0;
  /**
   * While EXEC runs: what is sent to it is put here, among the replies, in the order it happens.
   */
  collected: ByteWriter | null = null;

  constructor(id: number, output: ClientOutput, nowMs: number, authenticated: boolean) {
    this.id = id;
    this.output = output;
    this.createdAtMs = nowMs;
    this.lastInteractionMs = nowMs;
    this.authenticated = authenticated;
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size + this.shardChannels.size;
  }

  get type(): ClientType {
    if (this.link !== null) return this.link;
    return this.subscriptions > 0 ? 'pubsub' : 'normal';
  }

  send(bytes: Uint8Array): void {
    if (this.collected === null) this.output.send(bytes);
    else if (!this.closeAfterReply) this.collected.bytes(bytes);
  }

  /** CLIENT REPLY: whether it gets no replies now. Pushes it gets. */
  get isSilent(): boolean {
    return this.replyMode === 'off' || this.replyMode === 'skip';
  }

  reply(value: Reply): void {
    this.send(replyBytes(value, this.resp));
  }

  /** Bytes kept for it: input, arguments, commands queued, output. */
  get memoryBytes(): number {
    const { inputBytes, outputBytes, argumentBytes } = this.output;
    return inputBytes + argumentBytes + (this.transaction?.bytes ?? 0) + outputBytes;
  }

  /** @returns its line of CLIENT LIST, without the line break. */
  describe(nowMs: number): string {
    const { inputBytes, outputBytes, argumentBytes } = this.output;
    return clientLine({
      id: this.id,
      addr: this.output.remoteAddress,
      laddr: this.output.localAddress,
      name: this.name,
      ageMs: nowMs - this.createdAtMs,
      idleMs: nowMs - this.lastInteractionMs,
      flags: this.#flags(),
      db: this.db,
      sub: this.channels.size,
      psub: this.patterns.size,
      ssub: this.shardChannels.size,
      multi: this.transaction?.queue.length ?? -1,
      inputBytes,
      argumentBytes,
      queuedBytes: this.transaction?.bytes ?? 0,
      outputBytes,
      memoryBytes: this.memoryBytes,
      cmd: this.lastCommand ?? 'NULL',
      user: this.user?.name ?? '(superuser)',
      redir: this.tracking?.redirect ?? -1,
      resp: this.resp,
    });
  }

  #flags(): string {
    let flags = '';
    if (this.isMonitor) flags += 'O';
    if (this.link === 'replica') flags += 'S';
    if (this.link === 'master') flags += 'M';
    if (this.subscriptions > 0) flags += 'P';
    if (this.transaction !== null) flags += 'x';
    if (this.blocked !== null || this.isPostponed) flags += 'b';
    if (this.tracking !== null) flags += 't';
    if (this.tracking?.isBroken === true) flags += 'R';
    if (this.tracking?.bcast === true) flags += 'B';
    if (this.watchBroken) flags += 'd';
    if (this.closeAfterReply) flags += 'c';
    if (this.noEvict) flags += 'e';
    return flags === '' ? 'N' : flags;
  }
}
