/** A short TCP session with one actor, by its own port: for orders and for the look afterwards. */
import { joinHostPort } from '../../base/host-port.js';
import { RingleaderError } from '../../base/errors.js';
import { RespLink } from '../../io/resp-link.js';
import type { Reply } from '../../resp/reply.js';
import type { Address } from '../../runtime/messages.js';

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

export class Session {
  readonly #link: RespLink<Waiting>;
  readonly #waiting = new Set<Waiting>();
  #lost: RingleaderError | null = null;

  constructor({ host, port }: Address) {
    this.#link = RespLink.overTcp<Waiting>(host, port, {
      onOpen: () => {},
      onReply: (waiting, reply) => {
        this.#waiting.delete(waiting);
        waiting.resolve(reply);
      },
      onMessage: () => {},
      onClose: (why) => {
        this.#lost = new RingleaderError('CONNECTION_LOST', `${joinHostPort(host, port)}: ${why}`);
        for (const waiting of this.#waiting) waiting.reject(this.#lost);
      },
    });
  }

  /** @throws RingleaderError CONNECTION_LOST */
  ask(...args: readonly string[]): Promise<Reply> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      this.#waiting.add(waiting);
      this.#link.send(args, waiting);
    });
  }

  close(): void {
    this.#link.close();
  }
}
