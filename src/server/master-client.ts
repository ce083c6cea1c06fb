/**
 * The link to this node's master, as a client of this node: CLIENT LIST shows it, and CLIENT KILL
 * ends it (it is made again).
 */
import { joinHostPort } from '../base/host-port.js';
import { Client, NO_OUTPUT } from './client.js';
import type { ClientRegistry } from './client-registry.js';

export class MasterClient {
  readonly #clients: ClientRegistry;
  readonly #drop: () => void;
  #client: Client | null = null;

  /** @param drop - ends the link. */
  constructor(clients: ClientRegistry, drop: () => void) {
    this.#clients = clients;
    this.#drop = drop;
  }

  /** The link to that master is up. @param nowMs - Unix ms. */
  up(master: { readonly host: string; readonly port: number }, nowMs: number): void {
    this.down();
    const remoteAddress = joinHostPort(master.host, master.port);
    const output = { ...NO_OUTPUT, remoteAddress, kill: () => this.#drop() };
    this.#client = new Client(this.#clients.nextId(), output, nowMs, true);
    this.#client.link = 'master';
    this.#clients.add(this.#client);
  }

  /** It is not, or no more. */
  down(): void {
    if (this.#client !== null) this.#clients.remove(this.#client);
    this.#client = null;
  }

  /** Something of its stream was applied. */
  touch(nowMs: number): void {
    if (this.#client !== null) this.#client.lastInteractionMs = nowMs;
  }
}
