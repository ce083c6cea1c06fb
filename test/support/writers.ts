/**
 * Clients that write all the time, to whoever is master, and remember what was acknowledged.
 *
 * They do as a careful application does: a write that is refused (READONLY), unanswered or not sent
 * is made again, elsewhere; only one that was answered OK counts.
 */
import { RespClient } from './resp-client.js';

export class Writers {
  /** Key → value, of every write that was answered OK. */
  readonly acknowledged = new Map<string, string>();
  readonly #ports: readonly number[];
  /** Acknowledged writes by port. */
  readonly #counts = new Map<number, number>();
  readonly #writers: Promise<void>[];
  #isOver = false;

  /**
   * @param ports - of the servers that may be master, in the order in which they are tried; may
   * grow.
   */
  constructor(ports: readonly number[], count = 4) {
    this.#ports = ports;
    this.#writers = Array.from({ length: count }, (_, i) => this.#write(i));
  }

  /** @returns how many writes that server has acknowledged. */
  countAt(port: number): number {
    return this.#counts.get(port) ?? 0;
  }

  /** End, once what is under way is answered. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#writers);
  }

  /** @returns how many of the acknowledged writes that server does not have. */
  async missingAt(port: number): Promise<number> {
    const client = await RespClient.connect(port);
    let missing = 0;
    for (const [key, value] of this.acknowledged) {
      if ((await client.value('GET', key)) !== value) missing += 1;
    }
    client.close();
    return missing;
  }

  async #write(writer: number): Promise<void> {
    for (let n = 0, turn = 0; !this.#isOver; turn++) {
      const port = this.#ports[turn % this.#ports.length]!;
      const client = await RespClient.connect(port).catch(() => null);
      if (client === null) continue;
      for (; !this.#isOver; n++) {
        const [key, value] = [`writer:${writer}:${n}`, `${turn}:${n}`];
        if ((await client.value('SET', key, value)) !== '+OK') break;
        this.acknowledged.set(key, value);
        this.#counts.set(port, this.countAt(port) + 1);
      }
      client.close();
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  }
}
