/** Questions to a server over TCP, one promise each. */
import { RingleaderError } from '../../base/errors.js';
import { RespLink } from '../../io/resp-link.js';
import { text } from '../../cluster/value.js';
import type { Reply } from '../../resp/reply.js';

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

export class Asker {
  readonly host: string;
  readonly port: number;
  readonly #link: RespLink<Waiting>;
  readonly #waiting = new Set<Waiting>();
  #lost: string | null = null;

  constructor(host: string, port: number) {
    this.host = host;
    this.port = port;
    this.#link = RespLink.overTcp<Waiting>(host, port, {
      onOpen() {},
      onReply: (waiting, reply) => {
        this.#waiting.delete(waiting);
        waiting.resolve(reply);
      },
      onMessage() {},
      onClose: (why) => {
        this.#lost = why;
        for (const waiting of this.#waiting) waiting.reject(this.#unreachable());
        this.#waiting.clear();
      },
    });
  }

  /** @throws RingleaderError CONNECTION_LOST: the server cannot be reached, or went. */
  ask(...args: readonly string[]): Promise<Reply> {
    if (this.#lost !== null) return Promise.reject(this.#unreachable());
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      this.#waiting.add(waiting);
      this.#link.send(args, waiting);
    });
  }

  /** @returns the fields of an INFO section. */
  async info(section: string): Promise<ReadonlyMap<string, string>> {
    const reply = await this.ask('INFO', section);
    if (reply.type !== 'bulk' && reply.type !== 'verbatim') {
      const why = reply.type === 'error' ? reply.text : `a reply of type ${reply.type}`;
      throw new RingleaderError('CONNECTION_LOST', `${this.#name()} answers INFO with ${why}`);
    }
    const lines = text(reply.value).split('\r\n');
    return new Map(
      lines.map((line) => [line.split(':', 1)[0]!, line.slice(line.indexOf(':') + 1)]),
    );
  }

  close(): void {
    this.#link.close();
  }

  #name(): string {
    return `${this.host}:${this.port}`;
  }

  #unreachable(): RingleaderError {
    return new RingleaderError('CONNECTION_LOST', `cannot reach ${this.#name()}: ${this.#lost}`);
  }
}
