/**
 * Clients blocked on keys: who waits for which, and who is served when one is ready.
 *
 * Rule: clients are served in the order they came, key after key in the order the keys became
 * ready, after the command, transaction or script that made them ready and before anything else
 * runs. What serving does goes to replicas as commands of its own, and may make other keys ready
 * (BLMOVE's target): it goes on until none is.
 *
 * The core notes what becomes of awaited keys (src/core/assembly/keyspace/awaited.ts), so that
 * writes cost nothing more while clients are blocked.
 *
 * @see redis/redis 7.0.15 src/blocked.c, handleClientsBlockedOnKeys(),
 *   disconnectAllBlockedClients()
 */
import { CommandContext } from '../commands/context.js';
import { latin1 } from '../commands/arguments.js';
import type { NodeClock } from '../commands/node/process.js';
import type { RawReply } from '../commands/spec.js';
import { type Reply, ReplyError, reply } from '../resp/reply.js';
import { type Execution, FencedSignal, passOn } from './dispatch.js';
import type { KeyWaiters, Waiter } from './waiter.js';

/** No timer takes longer; a longer time-out is waited for in parts. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface AwaitedKey {
  readonly db: number;
  readonly key: Buffer;
  /** In the order they came. */
  readonly waiters: Set<Waiter>;
}

export class BlockedClients implements KeyWaiters {
  readonly #node: () => Execution;
  readonly #keys = new Map<string, AwaitedKey>();
  /** Of each waiter: how to forget it. */
  readonly #forget = new Map<Waiter, (() => void)[]>();
  /** Keys to look at that the core has not noted. */
  readonly #rechecked = new Map<string, AwaitedKey>();

  /** @param node - asked for when there is a client to serve: it needs these itself. */
  constructor(node: () => Execution) {
    this.#node = node;
  }

  get active(): boolean {
    return this.#forget.size > 0;
  }

  add(waiter: Waiter): void {
    const { client, wish } = waiter;
    const { core, clock } = this.#node();
    const undo: (() => void)[] = [];
    this.#forget.set(waiter, undo);
    for (const key of wish.keys) {
      const id = idOf(client.db, key);
      const awaited = this.#keys.get(id) ?? { db: client.db, key, waiters: new Set() };
      if (awaited.waiters.has(waiter)) continue;
      const place = core.awaited.add(key);
      this.#keys.set(id, awaited);
      awaited.waiters.add(waiter);
      undo.push(() => {
        core.awaited.remove(place);
        awaited.waiters.delete(waiter);
        if (awaited.waiters.size === 0) this.#keys.delete(id);
      });
    }
    if (wish.timeoutMs > 0) this.#limit(waiter, wish.timeoutMs, clock, undo);
  }

  /** Answer a waiter once the time is up. */
  #limit(waiter: Waiter, leftMs: number, clock: NodeClock, undo: (() => void)[]): void {
    const ms = Math.min(leftMs, MAX_TIMER_MS);
    const cancel = clock.later(ms, () => {
      undo.pop();
      if (ms < leftMs) this.#limit(waiter, leftMs - ms, clock, undo);
      else waiter.settle(reply.nullArray);
    });
    undo.push(cancel);
  }

  remove(waiter: Waiter): void {
    const undo = this.#forget.get(waiter) ?? [];
    this.#forget.delete(waiter);
    for (const task of undo) task();
  }

  recheck(db: number | null): void {
    for (const [id, awaited] of this.#keys) {
      if (db === null || db === awaited.db) this.#rechecked.set(id, awaited);
    }
  }

  /** @throws FencedSignal */
  serve(): void {
    const { core, scripting } = this.#node();
    if (scripting.isBusy) return; // A script is in the middle of its work.
    const { awaited } = core;
    while (awaited.hasReady || this.#rechecked.size > 0) {
      const ready = new Map<string, AwaitedKey>();
      const noted = awaited.takeReady();
      if (noted === null) this.recheck(null);
      for (const { db, key } of noted ?? []) {
        const id = idOf(db, key);
        const found = this.#keys.get(id);
        if (found !== undefined) ready.set(id, found); // Noted twice, it stands where it first did.
      }
      for (const [id, found] of this.#rechecked) ready.set(id, found);
      this.#rechecked.clear();
      for (const each of ready.values()) this.#serveKey(each);
    }
  }

  #serveKey({ db, key, waiters }: AwaitedKey): void {
    const { core, clock, keyspace } = this.#node();
    // What made the key ready may have taken long: its time may be over.
    core.setNow(Math.floor(clock.wallMicros() / 1000));
    const database = keyspace.db(db);
    const type = database.typeOf(key);
    for (const waiter of waiters) {
      const { wish } = waiter;
      if (type === wish.awaits) this.#attempt(waiter, key);
      else {
        const result = wish.gone?.(key) ?? null;
        if (result !== null) waiter.settle(result);
      }
      // What one has taken the last of is not there for the next.
      if (type !== 'none' && !database.isStored(key)) return;
    }
  }

  /** @throws FencedSignal */
  #attempt(waiter: Waiter, key: Buffer): void {
    const node = this.#node();
    const { client, resolved, wish } = waiter;
    const startedAt = node.clock.wallMicros();
    const context = new CommandContext(node, client, Math.floor(startedAt / 1000));
    // What it changes is told behind its reply.
    node.tracking.begin(client);
    let result: Reply | RawReply | null;
    try {
      result = wish.serve(context, key);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      result = reply.error(error.message);
    }
    passOn(node, client.db, resolved.spec, context.propagated([]), context.changes, false);
    node.events.drain();
    if (!node.core.publish()) throw new FencedSignal();
    client.writeOffset = node.replication.offset();
    if (result !== null) {
      const micros = Math.max(0, node.clock.wallMicros() - startedAt);
      node.commandStats.of(resolved.spec).micros += micros;
      waiter.settle(result, micros);
    }
    node.tracking.settle(client, null);
  }
}

function idOf(db: number, key: Uint8Array): string {
  return `${db}:${latin1(key)}`;
}
