/**
 * A client as commands see it: who it is, what it has chosen, what it waits for.
 *
 * The machinery around it (bytes in and out) is the connection's (connection.ts).
 *
 * @see redis/redis 7.0 src/server.h, struct client; src/networking.c, catClientInfoString()
 */
import type { RespVersion } from '../resp/encode.js';
import { replyBytes } from '../resp/encode.js';
import type { Reply } from '../resp/reply.js';
import type { Subscriber } from '../pubsub/pubsub.js';
import type { Resolved } from './table.js';

/** What CLIENT KILL TYPE and the output limits tell apart. */
export type ClientType = 'normal' | 'master' | 'replica' | 'pubsub';

/** Where a client's replies go. */
export interface ClientOutput {
  readonly remoteAddress: string;
  readonly localAddress: string;
  /** Bytes queued and not yet taken by the other side. */
  readonly outputBytes: number;
  /** Bytes received and not yet parsed. */
  readonly inputBytes: number;
  send(bytes: Uint8Array): void;
  /** End the connection now, without what is still to be sent. */
  kill(): void;
  /** See cron.ts. */
  cron(nowMs: number): void;
}

/** A command that MULTI has queued. */
interface QueuedCommand extends Resolved {
  readonly args: readonly Buffer[];
}

export interface Transaction {
  readonly queue: QueuedCommand[];
  /** A command could not be queued: EXEC will refuse. */
  failed: boolean;
}

export interface BlockedState {
  /** Answer in place of what the client waits for. */
  settle(reply: Reply): void;
  timeoutReply(): Reply;
}

export class Client implements Subscriber {
  readonly id: number;
  readonly output: ClientOutput;
  /** Unix ms. */
  readonly createdAtMs: number;
  lastInteractionMs: number;
  db = 0;
  resp: RespVersion = 2;
  name = '';
  /** Whether it has shown the password, or needs none. */
  authenticated: boolean;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  /** `skip-next` becomes `skip` for one command, then `on`. */
  replyMode: 'on' | 'off' | 'skip-next' | 'skip' = 'on';
  noEvict = false;
  transaction: Transaction | null = null;
  /** A key it WATCHes has changed. */
  watchBroken = false;
  blocked: BlockedState | null = null;
  closeAfterReply = false;
  /** It replicates from this node (set by PSYNC), or is the link to this node's master. */
  link: 'replica' | 'master' | null = null;
  /** Full name of its last command, as CLIENT LIST shows it. */
  lastCommand = 'NULL';
  /** Replication offset after its last command: what WAIT waits for. */
  writeOffset = 0;

  constructor(id: number, output: ClientOutput, nowMs: number, authenticated: boolean) {
    this.id = id;
    this.output = output;
    this.createdAtMs = nowMs;
    this.lastInteractionMs = nowMs;
    this.authenticated = authenticated;
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size;
  }

  get type(): ClientType {
    if (this.link !== null) return this.link;
    return this.subscriptions > 0 ? 'pubsub' : 'normal';
  }

  send(bytes: Uint8Array): void {
    this.output.send(bytes);
  }

  reply(value: Reply): void {
    this.send(replyBytes(value, this.resp));
  }

  /** @returns its line of CLIENT LIST, without the line break. */
  describe(nowMs: number): string {
    const seconds = (sinceMs: number): number => Math.floor((nowMs - sinceMs) / 1000);
    const { inputBytes, outputBytes } = this.output;
    const fields: readonly (readonly [string, string | number])[] = [
      ['id', this.id],
      ['addr', this.output.remoteAddress],
      ['laddr', this.output.localAddress],
      ['fd', this.id],
      ['name', this.name],
      ['age', seconds(this.createdAtMs)],
      ['idle', seconds(this.lastInteractionMs)],
      ['flags', this.#flags()],
      ['db', this.db],
      ['sub', this.channels.size],
      ['psub', this.patterns.size],
      ['ssub', 0],
      ['multi', this.transaction?.queue.length ?? -1],
      ['qbuf', inputBytes],
      ['qbuf-free', 0],
      ['argv-mem', 0],
      ['multi-mem', 0],
      ['rbs', 0],
      ['rbp', 0],
      ['obl', 0],
      ['oll', outputBytes > 0 ? 1 : 0],
      ['omem', outputBytes],
      ['tot-mem', inputBytes + outputBytes],
      ['events', outputBytes > 0 ? 'rw' : 'r'],
      ['cmd', this.lastCommand],
      ['user', this.link === 'master' ? '(superuser)' : 'default'],
      ['redir', -1],
      ['resp', this.resp],
    ];
    return fields.map(([name, value]) => `${name}=${value}`).join(' ');
  }

  #flags(): string {
    let flags = '';
    if (this.link === 'replica') flags += 'S';
    if (this.link === 'master') flags += 'M';
    if (this.subscriptions > 0) flags += 'P';
    if (this.transaction !== null) flags += 'x';
    if (this.blocked !== null) flags += 'b';
    if (this.watchBroken) flags += 'd';
    if (this.closeAfterReply) flags += 'c';
    if (this.noEvict) flags += 'e';
    return flags === '' ? 'N' : flags;
  }
}
