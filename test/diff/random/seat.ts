/** One of a stream's connections to one of the servers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { plain, RespClient } from '../../support/resp-client.js';
import type { Value } from './same.js';
import { type Batch, CONNECTIONS, encodeBatch } from './stream.js';
import { within } from './within.js';

export class Seat {
  readonly #client: RespClient;
  readonly #id: string;
  readonly #eye: RespClient;
  /** The reply that is waited for; null: none. */
  #waiting: Promise<Value[]> | null = null;

  constructor(client: RespClient, id: string, eye: RespClient) {
    this.#client = client;
    this.#id = id;
    this.#eye = eye;
  }

  close(): void {
    this.#client.close();
  }

  /** @returns the replies, fewer if no more come. */
  async exchange(batch: Batch): Promise<Value[]> {
    const bytes = encodeBatch(batch);
    const cut = Math.floor(bytes.length * batch.cut);
    if (cut > 0) {
      this.#client.write(bytes.subarray(0, cut));
      await sleep(0);
    }
    this.#client.write(bytes.subarray(cut));
    return this.#replies(batch.commands.length);
  }

  /** Send one command; resolves when it is answered, or its client blocked. */
  async begin(batch: Batch): Promise<void> {
    let isAnswered = false;
    this.#client.write(encodeBatch(batch));
    this.#waiting = this.#client.next().then((reply) => {
      isAnswered = true;
      return reply === null ? [] : [plain(reply)];
    });
    for (;;) {
      const listed = String(await this.#eye.value('CLIENT', 'LIST', 'ID', this.#id));
      if (isAnswered || / flags=\S*b/.test(listed) || listed === '') return;
    }
  }

  /** @returns what CLIENT UNBLOCK said, and then the command. */
  async release(how: 'TIMEOUT' | 'ERROR'): Promise<Value[]> {
    const unblocked = await this.#eye.value('CLIENT', 'UNBLOCK', this.#id, how);
    const replies = this.#waiting === null ? [] : await within(this.#waiting);
    this.#waiting = null;
    return [unblocked, ...(replies ?? [])];
  }

  async #replies(count: number): Promise<Value[]> {
    const replies: Value[] = [];
    while (replies.length < count) {
      const reply = await within(this.#client.next());
      if (reply === null) break;
      replies.push(plain(reply));
    }
    return replies;
  }
}

/** @param eye - a connection to the same server to look with. */
export async function takeSeats(port: number, eye: RespClient): Promise<readonly Seat[]> {
  return Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const client = await RespClient.connect(port);
      return new Seat(client, String(await client.value('CLIENT', 'ID')), eye);
    }),
  );
}
