/**
 * A gate: a TCP relay in front of one actor, whose bytes can be held, delayed or cut off.
 *
 * Clients of a drill connect to gates, not to nodes, so that their links can fail while the node
 * lives, in the ways that real links do. A held link is what a cable pulled out looks like: sockets
 * stay open, nothing comes, not even the end of the connection, and when it heals the bytes arrive
 * as TCP's retransmission would bring them. (A new connection is accepted and then silent, as by a
 * frozen process; a real black hole would not accept it.) While the node is down, the gate does not
 * listen: connections are refused, as a dead process' are.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

import type { Address } from '../../runtime/messages.js';
import { DelayLine } from './delay-line.js';

/** What passes a gate. Both may transform or observe; neither may keep the bytes. */
export interface GateTap {
  request(bytes: Buffer): void;
  /** @returns what the client gets. Called when it is passed on, not when it arrives. */
  reply(bytes: Buffer): Uint8Array;
  closed(): void;
}

/** What a gate holds back. */
export type Held = 'nothing' | 'replies' | 'both';

type Way = 'request' | 'reply';

interface Pair {
  readonly client: Socket;
  /** null: not connected yet, because the gate is held. */
  upstream: Socket | null;
  readonly tap: GateTap;
  /** What was under way, delayed, when the gate closed. */
  readonly waiting: Record<Way, (() => void)[]>;
  readonly delayed: Record<Way, DelayLine>;
}

export class Gate {
  /** Where clients connect; its port stays the same while the gate is closed. */
  address: Address = { host: '', port: 0 };
  readonly #target: () => Address;
  readonly #newTap: () => GateTap;
  readonly #pairs = new Set<Pair>();
  #server: Server | null = null;
  #held: Held = 'nothing';
  #delayMs = 0;
  #isDown = false;
  #isRefusing = false;

  /** @param target - where the actor listens, asked at each connection. */
  constructor(target: () => Address, newTap: () => GateTap) {
    this.#target = target;
    this.#newTap = newTap;
  }

  async listen(host: string): Promise<void> {
    this.address = { host, port: await this.#open(host, 0) };
  }

  /** Hold bytes back; `nothing` lets go what was held, in order. */
  hold(what: Held): void {
    this.#held = what;
    for (const pair of this.#pairs) {
      for (const way of ['request', 'reply'] as const) {
        if (this.#isHeld(way)) continue;
        for (const task of pair.waiting[way].splice(0)) task();
      }
      this.#connectOrFlow(pair);
    }
  }

  /** @param delayMs - for each chunk, each way. */
  delay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** Reset every connection there is. */
  reset(): void {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy();
      upstream?.destroy();
    }
  }

  /** Reset every connection and refuse new ones, or take them again. */
  refuse(isRefusing: boolean): Promise<void> {
    this.#isRefusing = isRefusing;
    if (isRefusing) this.reset();
    return this.#follow();
  }

  /** The actor behind has ended, or listens again. */
  actorIsDown(isDown: boolean): Promise<void> {
    this.#isDown = isDown;
    return this.#follow();
  }

  async close(): Promise<void> {
    this.#isRefusing = true;
    for (const { client, upstream } of this.#pairs) {
      client.destroy();
      upstream?.destroy();
    }
    await this.#follow();
  }

  async #follow(): Promise<void> {
    const shouldListen = !this.#isDown && !this.#isRefusing;
    if (shouldListen && this.#server === null) {
      await this.#open(this.address.host, this.address.port);
    } else if (!shouldListen && this.#server !== null) {
      this.#server.close();
      this.#server = null;
    }
  }

  #open(host: string, port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#accept(socket),
    );
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  #accept(client: Socket): void {
    const waiting = { request: [], reply: [] };
    const delayed = { request: new DelayLine(), reply: new DelayLine() };
    const pair: Pair = { client, upstream: null, tap: this.#newTap(), waiting, delayed };
    this.#pairs.add(pair);
    client.on('error', () => client.destroy());
    client.on('close', () => {
      this.#pairs.delete(pair);
      pair.tap.closed();
      pair.upstream?.destroy();
    });
    client.on('data', (bytes: Buffer) => {
      pair.tap.request(bytes);
      this.#pass(pair, 'request', () => write(pair.upstream, bytes, () => this.#flow(pair)));
      this.#flow(pair);
    });
    client.on('end', () => this.#pass(pair, 'request', () => pair.upstream?.end()));
    client.pause();
    this.#connectOrFlow(pair);
  }

  #connectOrFlow(pair: Pair): void {
    if (pair.upstream === null && !this.#isHeld('request')) this.#connect(pair);
    this.#flow(pair);
  }

  #connect(pair: Pair): void {
    const { client, tap } = pair;
    const { host, port } = this.#target();
    const upstream = connect({ host, port, noDelay: true, allowHalfOpen: true });
    pair.upstream = upstream;
    let hasConnected = false;
    upstream.on('connect', () => {
      hasConnected = true;
    });
    upstream.on('error', () => upstream.destroy());
    upstream.on('data', (bytes: Buffer) => {
      this.#pass(pair, 'reply', () => write(client, tap.reply(bytes), () => this.#flow(pair)));
      this.#flow(pair);
    });
    upstream.on('end', () => this.#pass(pair, 'reply', () => client.end()));
    upstream.on('close', () =>
      this.#pass(pair, 'reply', () => {
        // Refused by the actor: the nearest to a refusal that is left.
        if (hasConnected) client.destroySoon();
        else client.resetAndDestroy();
      }),
    );
  }

  /** Read only what may pass, and what the other side has room for, as TCP's windows would. */
  #flow({ client, upstream }: Pair): void {
    const mayRead = upstream !== null && !this.#isHeld('request') && !upstream.writableNeedDrain;
    if (mayRead) client.resume();
    else client.pause();
    if (this.#isHeld('reply') || client.writableNeedDrain) upstream?.pause();
    else upstream?.resume();
  }

  #isHeld(way: Way): boolean {
    return this.#held === 'both' || (this.#held === 'replies' && way === 'reply');
  }

  /** Do it now, when its delay is over, or when the gate opens: always in order. */
  #pass(pair: Pair, way: Way, task: () => void): void {
    pair.delayed[way].pass(this.#delayMs, () => {
      if (this.#isHeld(way)) pair.waiting[way].push(task);
      else task();
    });
  }
}

function write(socket: Socket | null, bytes: Uint8Array, onDrain: () => void): void {
  if (socket === null || socket.destroyed || socket.writableEnded) return;
  if (!socket.write(bytes)) socket.once('drain', onDrain);
}
