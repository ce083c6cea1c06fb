/**
 * The clients of a node, and one of them as commands see it: who it is, what it has chosen, what it
 * waits for.
 *
 * src/server/client.ts implements it; the bytes are the connection's.
 */
import type { Subscriber } from '../../pubsub/pubsub.js';
import type { RespVersion } from '../../resp/encode.js';
import type { Reply } from '../../resp/reply.js';
import type { AccessUser } from '../access/user.js';
import type { NodeClock } from './process.js';

/** What CLIENT KILL TYPE and the output limits tell apart. */
export type ClientType = 'normal' | 'master' | 'replica' | 'pubsub';

/**
 * Where a client comes from: a socket, or this process: a sentinel's link, or a client that the
 * cluster has made, which follows failovers by itself.
 */
export type ClientOrigin = 'network' | 'sentinel' | 'cluster';

/** A client's connection, written to beside its replies: what a replica's stream goes out on. */
export interface OutputStream {
  /** Bytes written that the other side has not taken yet. */
  readonly bufferedBytes: number;
  /** @param bytes - not copied: to be left alone. */
  write(bytes: Uint8Array): void;
  /** Call once when the other side has taken all, or nearly all, that was written. */
  whenDrained(task: () => void): void;
  /** End the connection once what was written has been sent. */
  end(): void;
  /** End it now. */
  destroy(): void;
}

/** Where a client's replies go. */
interface CommandOutput {
  readonly remoteAddress: string;
  readonly localAddress: string;
  /** Bytes queued and not yet taken by the other side. */
  readonly outputBytes: number;
  /** @returns the connection itself; replies that are queued go out first. */
  stream(): OutputStream;
  /** End the connection now, without what is still to be sent. */
  kill(): void;
}

/** What a client has said of itself with REPLCONF, and what became of it with PSYNC. */
export interface ReplicaState {
  /** 0: it has not said. */
  listeningPort: number;
  /** '': that of its connection. */
  address: string;
  /** Capabilities: it finds a snapshot's end by a mark; it takes a new id with +CONTINUE. */
  eof: boolean;
  psync2: boolean;
  /** It wants a snapshot and nothing after it. */
  rdbOnly: boolean;
  /** What it wants of a snapshot: with libraries of functions alone there are no keys. */
  rdbContents: 'all' | 'libraries' | 'nothing';
  /** What to tell of it, once it is served. */
  served: { onBytes(): void; onAck(offset: number): void; onClose(): void } | null;
}

export interface BlockedState {
  /**
   * Answer in place of what the client waits for. @param micros - what the answer took to make.
   */
  settle(reply: Reply, micros?: number): void;
  timeoutReply(): Reply | null;
  /** It is answered by itself after some time. */
  readonly hasTimeout: boolean;
}

/** How a client is told of changes to keys that it has in a cache of its own. */
export interface ClientTracking {
  /** The id of the client that is told in its place; 0: itself. */
  readonly redirect: number;
  /** It is told of all keys with its prefixes, in order; else of those that it has read. */
  readonly bcast: boolean;
  readonly prefixes: readonly string[];
  /** Only reads behind CLIENT CACHING YES count; all but those behind CLIENT CACHING NO. */
  readonly optin: boolean;
  readonly optout: boolean;
  /** It is not told of what it changes itself. */
  readonly noloop: boolean;
  /** CLIENT CACHING was given, for the next command. */
  caching: boolean;
  /** The client to be told is gone. */
  isBroken: boolean;
}

/** What CLIENT TRACKING asks for. */
export type TrackingOptions = Omit<ClientTracking, 'caching' | 'isBroken'>;

export interface CommandClient extends Subscriber {
  readonly id: number;
  readonly output: CommandOutput;
  readonly origin: ClientOrigin;
  db: number;
  resp: RespVersion;
  name: string;
  /** Whether it has shown a password, or needed none when it came. */
  authenticated: boolean;
  /** null: it may do everything, as the link to a master may. */
  user: AccessUser | null;
  /** `skip-next` becomes `skip` for one command, then `on`. */
  replyMode: 'on' | 'off' | 'skip-next' | 'skip';
  noEvict: boolean;
  /** null: it is told of no keys. */
  tracking: ClientTracking | null;
  /** What it has queued since MULTI; null: it is in no transaction. */
  readonly transaction: object | null;
  readonly blocked: BlockedState | null;
  closeAfterReply: boolean;
  /** It replicates from this node (set by PSYNC), or is the link to this node's master. */
  link: 'replica' | 'master' | null;
  readonly replica: ReplicaState;
  /** It is shown all commands. */
  readonly isMonitor: boolean;
  /** A script runs its commands. */
  readonly isScript: boolean;
  /** Replication offset after its last command: what WAIT waits for. */
  readonly writeOffset: number;
  readonly subscriptions: number;
  readonly type: ClientType;
  /** @returns its line of CLIENT LIST, without the line break. */
  describe(nowMs: number): string;
}

/** @param setting - who may: no client, every client, or those on the same machine. */
export function mayUseProtected(
  setting: 'no' | 'yes' | 'local',
  { output }: { readonly output: { readonly remoteAddress: string } },
): boolean {
  if (setting !== 'local') return setting === 'yes';
  return /^(127\.|\[?::1\]?:|\[?::ffff:127\.|in-process)/.test(output.remoteAddress);
}

/** What the subcommands of CLIENT see of a connection and change: a node's or a sentinel's. */
export interface ListedClient {
  readonly id: number;
  readonly origin: ClientOrigin;
  readonly type: ClientType;
  readonly user: AccessUser | null;
  readonly output: Pick<CommandOutput, 'remoteAddress' | 'localAddress' | 'kill'>;
  replyMode: CommandClient['replyMode'];
  noEvict: boolean;
  tracking: ClientTracking | null;
  readonly blocked: BlockedState | null;
  closeAfterReply: boolean;
  /** @returns its line of CLIENT LIST, without the line break. */
  describe(nowMs: number): string;
}

/** What the subcommands of CLIENT work on that nodes and sentinels share. */
export interface ClientsContext {
  readonly client: ListedClient;
  readonly clients: {
    all(): readonly ListedClient[];
    get(id: number): ListedClient | undefined;
  };
  readonly access: { user(name: string): AccessUser | undefined };
  readonly tracking: {
    enable(client: ListedClient, options: TrackingOptions): void;
    disable(client: ListedClient): void;
  };
  readonly pause: ClientPause;
  readonly clock: Pick<NodeClock, 'wallMicros' | 'later'>;
  /** Unix ms. */
  readonly nowMs: number;
}

/** The clients that are connected, in the order they came. */
export interface ConnectedClients {
  readonly size: number;
  all(): readonly CommandClient[];
  get(id: number): CommandClient | undefined;
}

/** CLIENT PAUSE. */
export interface ClientPause {
  start(mode: 'write' | 'all', untilMs: number): void;
  end(): void;
  /** End it if its time is up. */
  check(nowMs: number): void;
}
