/**
 * Connections to the master of a cluster that runs elsewhere.
 *
 * A connection is handed out only once it stands: what is sent on one that is still being made
 * would count as sent when it fails, though it was certainly not executed. So the first request
 * finds none, and the client asks again moments later.
 */
import type { Address } from '../../base/address.js';
import { joinHostPort } from '../../base/host-port.js';
import type { Millis } from '../../base/time.js';
import { connectErrorText } from '../../io/connect-error.js';
import { TcpPort } from '../../io/tcp-port.js';
import type { TlsOptions } from '../../io/tls-client.js';
import type { Words } from '../client/command-rules.js';
import type { MasterSource } from '../client/master-source.js';

/** ms for a connection to be made. */
const CONNECT_MS: Millis = 2_000;
/** ms before the next attempt, after one has failed. */
const PAUSE_MS: Millis = 20;

export class RemoteSource implements MasterSource {
  readonly greeting: readonly Words[];
  readonly #tls: TlsOptions | null;
  /** What clients call the node at an address. */
  readonly #nameOf: (address: Address) => string;
  readonly #listeners = new Set<(id: string) => void>();
  #master: Address | null = null;
  #ready: { readonly id: string; readonly port: TcpPort } | null = null;
  #isOpening = false;
  /** Why the last attempt failed; null: it did not. */
  #failure: string | null = null;
  #notBefore: Millis = 0;
  #isClosed = false;

  constructor(
    greeting: readonly Words[],
    tls: TlsOptions | null,
    nameOf: (address: Address) => string = idOf,
  ) {
    this.greeting = greeting;
    this.#tls = tls;
    this.#nameOf = nameOf;
  }

  /** From now on this one is master. */
  setMaster(address: Address): void {
    this.#master = address;
    this.#ready?.port.close();
    this.#ready = null;
    this.#notBefore = 0;
    for (const listener of this.#listeners) listener(this.#nameOf(address));
  }

  connect(): { readonly id: string; readonly port: TcpPort } | null {
    const ready = this.#ready;
    this.#ready = null;
    if (ready === null) void this.#open();
    return ready;
  }

  failure(): string | null {
    return this.#failure;
  }

  onChange(callback: (id: string) => void): () => void {
    const listener = (id: string): void => callback(id);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#ready?.port.close();
    this.#ready = null;
  }

  /** Make a connection for the next that asks, unless one is being made. */
  async #open(): Promise<void> {
    const master = this.#master;
    const now = performance.now();
    if (master === null || this.#isOpening || this.#isClosed || now < this.#notBefore) return;
    this.#isOpening = true;
    try {
      const port = await TcpPort.open({ ...master, tls: this.#tls }, CONNECT_MS);
      this.#failure = null;
      if (this.#isClosed || master !== this.#master) port.close();
      else this.#keep(this.#nameOf(master), port);
    } catch (error) {
      this.#failure = connectErrorText(error);
      this.#notBefore = performance.now() + PAUSE_MS;
    } finally {
      this.#isOpening = false;
    }
  }

  #keep(id: string, port: TcpPort): void {
    const ready = { id, port };
    this.#ready = ready;
    port.on('close', () => {
      if (this.#ready === ready) this.#ready = null;
    });
  }
}

/** What clients call a node. */
export function idOf({ host, port }: Address): string {
  return joinHostPort(host, port);
}
