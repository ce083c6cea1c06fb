/** The clients connected to a node, in the order they came. */
import { reply } from '../resp/reply.js';
import type { Client } from './client.js';

const UNBLOCKED =
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)';

export class ClientRegistry {
  readonly #clients = new Map<number, Client>();
  #lastId = 0;

  /** @returns an id no client of this node has had. */
  nextId(): number {
    this.#lastId++;
    return this.#lastId;
  }

  add(client: Client): void {
    this.#clients.set(client.id, client);
  }

  remove(client: Client): void {
    this.#clients.delete(client.id);
  }

  get(id: number): Client | undefined {
    return this.#clients.get(id);
  }

  /** Safe against clients leaving during the walk. */
  all(): Client[] {
    return [...this.#clients.values()];
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Those that wait in a command, or for the end of CLIENT PAUSE. */
  get blockedCount(): number {
    return this.all().filter((client) => client.blocked !== null || client.isPostponed).length;
  }

  /** Those of them that are answered after some time, if by nothing else. */
  get timedCount(): number {
    return this.all().filter((client) => client.blocked?.hasTimeout === true).length;
  }

  /**
   * This node is no master any more: what clients wait for may not happen here. As in Redis they
   * are told, and must connect again.
   */
  disconnectBlocked(): void {
    for (const client of this.all()) {
      if (client.blocked === null) continue;
      client.closeAfterReply = true;
      client.blocked.settle(reply.error(UNBLOCKED));
    }
  }

  /**
   * End connections, as after a change of role; not that to a master. @param spare - those that
   * stay.
   */
  killAll(spare: (client: Client) => boolean = () => false): void {
    for (const client of this.all()) {
      if (client.link !== 'master' && !spare(client)) client.output.kill();
    }
  }
}
