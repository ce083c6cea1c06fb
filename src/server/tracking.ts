/**
 * Client-side caching: clients that are told when keys they may have in a cache of their own
 * change.
 *
 * By default the keys that a client reads are remembered (one table, which
 * `tracking-table-max-keys` bounds), and the first change of each is told once. With BCAST nothing
 * is remembered: whatever begins with one of a client's prefixes is told, once for all changes of a
 * turn of the loop.
 *
 * What a client's own command changes is told behind its reply. While no client tracks keys,
 * nothing is remembered: the core hands writes over only while there is one
 * (watches.ts, gate.ts).
 *
 * @see redis/redis 7.0.15 src/tracking.c
 */
import { replyBytes } from '../resp/encode.js';
import { type Reply, reply } from '../resp/reply.js';
import { latin1 } from '../commands/arguments.js';
import type { ClientTracking } from '../commands/node/clients.js';
import { keysOf } from '../commands/key-search.js';
import type { TrackingOptions } from '../commands/node/clients.js';
import type { TrackedKeys } from '../commands/node/keys.js';
import type { CommandSpec } from '../commands/spec.js';
import type { Config } from '../config/config.js';
import type { Client } from './client.js';
import type { ClientRegistry } from './client-registry.js';

const CHANNEL = '__redis__:invalidate';

/** Of one prefix: who listens, and what has changed in this turn, by whom last. */
interface Broadcast {
  readonly clients: Set<Client>;
  readonly keys: Map<string, Client | null>;
}

interface TrackedCall {
  readonly spec: CommandSpec;
  readonly args: readonly Buffer[];
}

export class Tracking implements TrackedKeys<Client> {
  readonly #clients: ClientRegistry;
  readonly #maxKeys: () => number;
  readonly #trackers = new Set<Client>();
  /** By key, the ids of clients that may have it. Keys are not told apart by database. */
  readonly #table = new Map<string, Set<number>>();
  #items = 0;
  readonly #broadcasts = new Map<string, Broadcast>();
  #isBroadcastDue = false;
  /** Whose command runs. */
  #current: Client | null = null;
  /** What is to be told to it behind the reply; null: that all keys are gone. */
  #pending: (string | null)[] = [];
  /** Called when the first client begins, and when the last has ended. */
  onActive: () => void = () => {};

  constructor(clients: ClientRegistry, config: Config) {
    this.#clients = clients;
    this.#maxKeys = () => config.trackingTableMaxKeys.value;
    config.trackingTableMaxKeys.onChange(() => {
      this.#limit();
      return null;
    });
  }

  get active(): boolean {
    return this.#trackers.size > 0;
  }

  /** INFO's counts. */
  get counts(): { clients: number; keys: number; items: number; prefixes: number } {
    return {
      clients: this.#trackers.size,
      keys: this.#table.size,
      items: this.#items,
      prefixes: this.#broadcasts.size,
    };
  }

  enable(client: Client, { redirect, bcast, prefixes, ...options }: TrackingOptions): void {
    const wasActive = this.active;
    const added = bcast && prefixes.length === 0 ? [''] : prefixes;
    const held = new Set(client.tracking?.prefixes);
    for (const prefix of added) {
      held.add(prefix);
      const broadcast = this.#broadcasts.get(prefix) ?? { clients: new Set(), keys: new Map() };
      broadcast.clients.add(client);
      this.#broadcasts.set(prefix, broadcast);
    }
    client.tracking = {
      ...options,
      redirect,
      bcast,
      prefixes: [...held].toSorted(),
      caching: client.tracking?.caching ?? false,
      isBroken: false,
    };
    this.#trackers.add(client);
    if (!wasActive) this.onActive();
  }

  disable(client: Client): void {
    if (client.tracking === null) return;
    for (const prefix of client.tracking.prefixes) {
      const broadcast = this.#broadcasts.get(prefix);
      broadcast?.clients.delete(client);
      if (broadcast?.clients.size === 0) this.#broadcasts.delete(prefix);
    }
    client.tracking = null;
    this.#trackers.delete(client);
    if (this.active) return;
    this.#forgetAll();
    this.onActive();
  }

  /** Whether a change of the key is to be told to a client. */
  concerns(key: Uint8Array): boolean {
    if (!this.active) return false;
    return this.#broadcasts.size > 0 || this.#table.has(latin1(key));
  }

  /** A client's command begins. */
  begin(client: Client): void {
    if (!this.active) return;
    // A script's commands are its caller's, whose id they have.
    const caller = this.#clients.get(client.id) ?? client;
    if (caller !== this.#current) this.#tellPending();
    this.#current = caller;
  }

  /**
   * A command has run: remember what it read.
   *
   * @param call - what names the keys: the command, or the script's call that ran it.
   */
  remember(client: Client, spec: CommandSpec, call: TrackedCall): void {
    if (!isRemembered(client.tracking, spec)) return;
    for (const key of keysOf(call.spec, call.args)) {
      const name = latin1(key);
      const ids = this.#table.get(name) ?? new Set();
      if (ids.has(client.id)) continue;
      this.#table.set(name, ids.add(client.id));
      this.#items++;
    }
  }

  /** The client's command is answered. */
  settle(client: Client, spec: CommandSpec | null): void {
    this.#tellPending();
    const isAbout = spec?.name === 'caching' || client.transaction !== null;
    if (client.tracking !== null && !isAbout) client.tracking.caching = false;
    this.#limit();
  }

  #tellPending(): void {
    const client = this.#current;
    const pending = this.#pending;
    this.#pending = [];
    this.#current = null;
    if (client === null) return;
    for (const key of pending) this.#tell(client, key === null ? null : [key]);
  }

  /** A key has changed, or is gone. */
  invalidate(key: Uint8Array): void {
    if (!this.active) return;
    const name = latin1(key);
    for (const [prefix, { keys }] of this.#broadcasts) {
      if (name.startsWith(prefix)) {
        keys.set(name, this.#current);
        this.#broadcastSoon();
      }
    }
    this.#tellTrackers(name, this.#current);
  }

  /** @param by - who has changed the key; null: the table has no room for it. */
  #tellTrackers(name: string, by: Client | null): void {
    const ids = this.#table.get(name);
    if (ids === undefined) return;
    this.#table.delete(name);
    this.#items -= ids.size;
    for (const id of ids) {
      const client = this.#clients.get(id);
      if (client === undefined || client.tracking === null || client.tracking.bcast) continue;
      if (client === by && client.tracking.noloop) continue;
      if (client === this.#current) this.#pending.push(name);
      else this.#tell(client, [name]);
    }
  }

  /** A database has been emptied: all keys may be gone. */
  invalidateAll(): void {
    for (const client of this.#trackers) {
      if (client === this.#current) this.#pending.push(null);
      else this.#tell(client, null);
    }
    this.#forgetAll();
  }

  #forgetAll(): void {
    this.#table.clear();
    this.#items = 0;
  }

  /** The oldest go first, and their clients are told as if they had changed. */
  #limit(): void {
    const most = this.#maxKeys();
    if (most === 0) return;
    for (const name of this.#table.keys()) {
      if (this.#table.size <= most) return;
      this.#tellTrackers(name, null);
    }
  }

  #broadcastSoon(): void {
    if (this.#isBroadcastDue) return;
    this.#isBroadcastDue = true;
    queueMicrotask(() => {
      this.#isBroadcastDue = false;
      for (const broadcast of this.#broadcasts.values()) this.#broadcast(broadcast);
    });
  }

  #broadcast({ clients, keys }: Broadcast): void {
    const changed = [...keys].toSorted(([a], [b]) => (a < b ? -1 : 1));
    keys.clear();
    if (changed.length === 0) return;
    for (const client of clients) {
      const isTold = (by: Client | null): boolean =>
        client.tracking?.noloop !== true || by !== client;
      const names = changed.filter(([, by]) => isTold(by)).map(([name]) => name);
      if (names.length > 0) this.#tell(client, names);
    }
  }

  /** @param names - null: all keys. */
  #tell(client: Client, names: readonly string[] | null): void {
    const { tracking } = client;
    if (tracking === null) return;
    const { redirect } = tracking;
    const target = redirect === 0 ? client : this.#clients.get(redirect);
    if (target === undefined) {
      tracking.isBroken = true;
      if (client.resp === 3) {
        push(client, [reply.bulk('tracking-redir-broken'), reply.integer(redirect)]);
      }
      return;
    }
    const keys: Reply =
      names === null
        ? reply.null
        : reply.array(names.map((name) => reply.bulk(Buffer.from(name, 'latin1'))));
    if (target.resp === 3) push(target, [reply.bulk('invalidate'), keys]);
    else if (redirect !== 0 && target.subscriptions > 0) {
      push(target, [reply.bulk('message'), reply.bulk(CHANNEL), keys]);
    }
  }
}

function push(client: Client, items: readonly Reply[]): void {
  client.send(replyBytes(reply.push(items), client.resp));
}

/** Whether what the command reads may be in the client's cache. */
function isRemembered(tracking: ClientTracking | null, { flags, group }: CommandSpec): boolean {
  if (tracking === null || tracking.bcast || !flags.includes('readonly')) return false;
  if (group === 'scripting') return false; // As soon as the script has read, its keys are.
  if (tracking.optin) return tracking.caching;
  return !(tracking.optout && tracking.caching);
}
