/**
 * A fault proxy: a TCP relay in front of one actor, whose bytes can be held, delayed or cut off.
 *
 * Clients of a drill, and nodes and sentinels that are processes, connect to fault proxies, not to
 * nodes, so that their links can fail while the node lives, in the ways that real links do. A held
 * link is what a cable pulled out looks like:
 * sockets stay open, nothing comes, not even the end of the connection, and when it heals the bytes
 * arrive as TCP's retransmission would bring them. (A new connection is accepted and then silent,
 * as by a frozen process; a real black hole would not accept it.) While the node is down, its proxy
 * does not listen: connections are refused, as a dead process' are.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Address } from '../base/address.js';
import { joinHostPort } from '../base/host-port.js';
import { RingleaderError } from '../base/errors.js';
import { FaultLink, type Held, type LinkFaults, type ProxyTap } from './fault-link.js';

const REOPEN_WITHIN_MS = 5_000;
const REOPEN_EVERY_MS = 20;

export class FaultProxy {
  /** Where clients connect; its port stays the same while the proxy is closed. */
  address: Address = { host: '', port: 0 };
  readonly #target: () => Address;
  readonly #newTap: () => ProxyTap;
  readonly #links = new Set<FaultLink>();
  readonly #faults: LinkFaults = { held: 'nothing', delayMs: 0 };
  /** IP addresses from which nothing passes, either way. */
  readonly #cutFrom = new Set<string>();
  /** null: not listening. */
  #server: Server | null = null;
  #isDown = false;
  #isRefusing = false;
  #isClosed = false;
  #reopening: Promise<void> | null = null;

  /** @param target - where the actor listens, asked at each connection. */
  constructor(target: () => Address, newTap: () => ProxyTap) {
    this.#target = target;
    this.#newTap = newTap;
  }

  /** @param port - 0: a free one. */
  async listen(host: string, port = 0): Promise<void> {
    this.address = { host, port: await this.#open(host, port) };
  }

  /** Hold bytes back; `nothing` lets go what was held, in order. */
  hold(what: Held): void {
    this.#faults.held = what;
    for (const link of this.#links) link.follow();
  }

  /** Hold back what comes from connections of this IP address and goes to them, or let it go. */
  cut(from: string, isCut: boolean): void {
    if (isCut) this.#cutFrom.add(from);
    else this.#cutFrom.delete(from);
    for (const link of this.#links) link.follow();
  }

  /** @param delayMs - for each chunk, each way. */
  delay(delayMs: number): void {
    this.#faults.delayMs = delayMs;
  }

  /** Reset every connection there is. */
  reset(): void {
    for (const link of this.#links) link.reset();
  }

  /**
   * Reset every connection and refuse new ones, or take them again.
   *
   * @throws RingleaderError NOT_READY: another process has taken the port meanwhile.
   */
  refuse(isRefusing: boolean): Promise<void> {
    this.#isRefusing = isRefusing;
    if (isRefusing) this.reset();
    return this.#follow();
  }

  /**
   * The actor behind has ended, or listens again.
   *
   * @throws RingleaderError NOT_READY: another process has taken the port meanwhile.
   */
  actorIsDown(isDown: boolean): Promise<void> {
    this.#isDown = isDown;
    return this.#follow();
  }

  /** Nothing is left of it then: no port, no connection, no timer. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reopening;
    await this.#follow();
    await Promise.all([...this.#links].map((link) => link.destroy()));
  }

  get #shouldListen(): boolean {
    return !this.#isDown && !this.#isRefusing && !this.#isClosed;
  }

  async #follow(): Promise<void> {
    if (!this.#shouldListen) {
      this.#server?.close();
      this.#server = null;
    } else if (this.#server === null) {
      this.#reopening ??= this.#reopen().finally(() => (this.#reopening = null));
      await this.#reopening;
    }
  }

  /** The port was free meanwhile: a connection of any process may have it for a moment. */
  async #reopen(): Promise<void> {
    const { host, port } = this.address;
    const giveUpAt = performance.now() + REOPEN_WITHIN_MS;
    while (this.#shouldListen) {
      try {
        await this.#open(host, port);
        return;
      } catch (cause) {
        if (performance.now() > giveUpAt) {
          const message = `a fault proxy cannot listen on ${joinHostPort(host, port)} again`;
          throw new RingleaderError('NOT_READY', message, { cause });
        }
        await sleep(REOPEN_EVERY_MS);
      }
    }
  }

  /** What befalls a connection from there, now and later. */
  #faultsOf(from: string): Readonly<LinkFaults> {
    const all = this.#faults;
    const isCut = (): boolean => this.#cutFrom.has(from);
    return {
      get held() {
        return isCut() ? 'both' : all.held;
      },
      get delayMs() {
        return all.delayMs;
      },
    };
  }

  /** @returns the port. */
  async #open(host: string, port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    server.on('connection', (client) => {
      const faults = this.#faultsOf(client.remoteAddress ?? '');
      const link = new FaultLink(client, this.#target, this.#newTap(), faults, () =>
        this.#links.delete(link),
      );
      this.#links.add(link);
    });
    server.listen(port, host);
    await once(server, 'listening');
    this.#server = server;
    if (!this.#shouldListen) await this.#follow(); // It has changed meanwhile.
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }
}
