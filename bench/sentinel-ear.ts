/** A client of one sentinel: when it names other masters, and whether it knows all there is. */
import { RespLink } from '../src/io/resp-link.js';
import type { Reply } from '../src/resp/reply.js';

export class SentinelEar {
  readonly #switchedAt = new Map<string, number>();
  readonly #events: RespLink<null>;
  readonly #commands: RespLink<(value: Reply) => void>;

  constructor(host: string, port: number) {
    this.#events = RespLink.to<null>(host, port, null, {
      onOpen: () => this.#events.send(['SUBSCRIBE', '+switch-master'], null),
      onReply() {},
      onMessage: (_, payload) => this.#switchedAt.set(payload.split(' ')[0]!, performance.now()),
      onClose() {},
    });
    this.#commands = RespLink.to<(value: Reply) => void>(host, port, null, {
      onOpen() {},
      onReply: (take, value) => take(value),
      onMessage() {},
      onClose() {},
    });
  }

  /** @returns on performance.now()'s clock; null: it has named no other master. */
  switchedAt(name: string): number | null {
    return this.#switchedAt.get(name) ?? null;
  }

  /** Whether so many masters are up, with a replica each, and so many other sentinels. */
  async knowsAll(masters: number, others: number): Promise<boolean> {
    const value = await new Promise<Reply>((resolve) =>
      this.#commands.send(['SENTINEL', 'MASTERS'], resolve),
    );
    if (value.type !== 'array') return false;
    const known = value.items.map(fieldsOf).filter((fields) => fields.get('num-slaves') === '1');
    return (
      known.length >= masters &&
      known.every(
        (fields) =>
          fields.get('flags') === 'master' && fields.get('num-other-sentinels') === `${others}`,
      )
    );
  }

  close(): void {
    this.#events.close();
    this.#commands.close();
  }
}

/** The flat pairs that Redis answers with. */
function fieldsOf(value: Reply): ReadonlyMap<string, string> {
  const words = value.type === 'array' ? value.items.map(textOf) : [];
  return new Map(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? '']] : [])));
}

const textOf = (value: Reply): string =>
  value.type === 'bulk' ? Buffer.from(value.value).toString('latin1') : '';
