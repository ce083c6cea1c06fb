/**
 * One client's connection through a fault proxy: two sockets, and what is under way between them.
 *
 * Ends are passed on as ends and resets as resets, each in order behind the bytes before it.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { Address } from '../base/address.js';
import { abortSocket } from './abort-socket.js';
import { DelayLine } from './delay-line.js';

/** What passes a proxy. Both may transform or observe; neither may keep the bytes. */
export interface ProxyTap {
  request(bytes: Buffer): void;
  /** @returns what the client gets. Called when it is passed on, not when it arrives. */
  reply(bytes: Buffer): Uint8Array;
  closed(): void;
}

/** What a proxy holds back. */
export type Held = 'nothing' | 'replies' | 'both';

/** What a proxy does to all its links; it changes while they are open. */
export interface LinkFaults {
  held: Held;
  /** ms for each chunk, each way. */
  delayMs: number;
}

type Way = 'request' | 'reply';
const WAYS: readonly Way[] = ['request', 'reply'];

export class FaultLink {
  readonly #client: Socket;
  readonly #target: () => Address;
  readonly #tap: ProxyTap;
  readonly #faults: Readonly<LinkFaults>;
  /** null: not connected yet, because the link is held. */
  #upstream: Socket | null = null;
  /** What has arrived and is held back. */
  readonly #waiting: Record<Way, (() => void)[]> = { request: [], reply: [] };
  readonly #delayed = { request: new DelayLine(), reply: new DelayLine() };

  /** @param target - where the actor listens, asked when the link is connected to it. */
  constructor(
    client: Socket,
    target: () => Address,
    tap: ProxyTap,
    faults: Readonly<LinkFaults>,
    onClose: () => void,
  ) {
    this.#client = client;
    this.#target = target;
    this.#tap = tap;
    this.#faults = faults;
    client.on('error', () => client.destroy());
    client.on('drain', () => this.#flow());
    client.on('close', () => {
      for (const way of WAYS) this.#delayed[way].close();
      tap.closed();
      this.#upstream?.destroy();
      onClose();
    });
    client.on('data', (bytes: Buffer) => {
      tap.request(bytes);
      this.#pass('request', () => this.#write(this.#upstream, bytes));
      this.#flow();
    });
    client.on('end', () => this.#pass('request', () => this.#upstream?.end()));
    this.follow();
  }

  /** The faults have changed: let go what may pass now, in order. */
  follow(): void {
    for (const way of WAYS) {
      if (this.#isHeld(way)) continue;
      for (const task of this.#waiting[way].splice(0)) task();
    }
    if (this.#upstream === null && !this.#isHeld('request')) this.#connect();
    this.#flow();
  }

  /** Reset the client's connection; the actor sees an end. */
  reset(): void {
    abortSocket(this.#client);
    this.#upstream?.destroy();
  }

  /** @returns when it is closed. */
  async destroy(): Promise<void> {
    const closed = once(this.#client, 'close');
    this.#client.destroy();
    this.#upstream?.destroy();
    await closed;
  }

  #connect(): void {
    const { host, port } = this.#target();
    const upstream = connect({ host, port, noDelay: true, allowHalfOpen: true });
    this.#upstream = upstream;
    upstream.on('error', () => upstream.destroy());
    upstream.on('drain', () => this.#flow());
    upstream.on('data', (bytes: Buffer) => {
      this.#pass('reply', () => this.#write(this.#client, this.#tap.reply(bytes)));
      this.#flow();
    });
    upstream.on('end', () => this.#pass('reply', () => this.#client.end()));
    upstream.on('close', (hasFailed: boolean) =>
      this.#pass('reply', () => {
        // Reset by the actor, or refused by it: then a reset is the nearest that is left.
        if (hasFailed) abortSocket(this.#client);
        else this.#client.destroySoon();
      }),
    );
  }

  /** Read only what may pass, and what the other side has room for, as TCP's windows would. */
  #flow(): void {
    const [client, upstream] = [this.#client, this.#upstream];
    const mayRead = upstream !== null && !this.#isHeld('request') && !upstream.writableNeedDrain;
    if (mayRead) client.resume();
    else client.pause();
    if (this.#isHeld('reply') || client.writableNeedDrain) upstream?.pause();
    else upstream?.resume();
  }

  #isHeld(way: Way): boolean {
    const { held } = this.#faults;
    return held === 'both' || (held === 'replies' && way === 'reply');
  }

  /** Do it now, when its delay is over, or when the link is let go: always in order. */
  #pass(way: Way, task: () => void): void {
    this.#delayed[way].pass(this.#faults.delayMs, () => {
      if (this.#isHeld(way)) this.#waiting[way].push(task);
      else task();
    });
  }

  #write(socket: Socket | null, bytes: Uint8Array): void {
    if (socket === null || socket.destroyed || socket.writableEnded) return;
    socket.write(bytes); // Whether it is full is seen by #flow.
  }
}
