/**
 * Knows who is master, from the sentinels of a cluster that runs elsewhere.
 *
 * One sentinel is asked and listened to at a time: its `+switch-master` names the next master at
 * once. When it is lost, silent or does not know the cluster, the next one takes its place; those
 * that it knows of are added to those that the user named. After each change of sentinel the master
 * is asked for anew, behind the subscription, so no switch falls between the two.
 *
 * @see https://redis.io/docs/latest/develop/reference/sentinel-clients/
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '../../base/address.js';
import { RingleaderError } from '../../base/errors.js';
import { joinHostPort } from '../../base/host-port.js';
import type { Millis } from '../../base/time.js';
import { Asker } from '../../io/asker.js';
import { RespLink } from '../../io/resp-link.js';
import type { TlsOptions } from '../../io/tls-client.js';
import type { Reply } from '../../resp/reply.js';
import { text } from '../client/value.js';

export interface FinderSetup {
  readonly sentinels: readonly Address[];
  readonly name: string;
  /** What follows AUTH to a sentinel. */
  readonly auth: readonly string[];
  readonly tls: TlsOptions | null;
  /** Another server is master, or the first one is known. */
  onMaster(address: Address): void;
  /** A sentinel has published it. */
  onMessage(sentinel: Address, channel: string, payload: string): void;
}

/** ms for a sentinel to answer, and between two questions that show that it is there. */
const SILENT_MS: Millis = 1_000;
/** ms before the next sentinel is tried, once all have been in vain. */
const PAUSE_MS: Millis = 100;

export class SentinelFinder {
  readonly #setup: FinderSetup;
  #known: Address[];
  #master: Address | null = null;
  #asker: Asker | null = null;
  #events: RespLink<null> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** What the last sentinel had to say against it. */
  #why = 'no sentinel answers';

  constructor(setup: FinderSetup) {
    this.#setup = setup;
    this.#known = [...setup.sentinels];
  }

  /** All that are known, the one that is listened to first. */
  get sentinels(): readonly Address[] {
    return this.#known;
  }

  /**
   * Begin; resolves when a master is known.
   *
   * @throws RingleaderError NO_MASTER: no sentinel has named one within the time.
   */
  async begin(withinMs: Millis): Promise<void> {
    const giveUpAt = performance.now() + withinMs;
    void this.#run();
    while (this.#master === null) {
      if (performance.now() >= giveUpAt) {
        this.close();
        throw new RingleaderError(
          'NO_MASTER',
          `no sentinel has named the master of ${this.#setup.name}: ${this.#why}`,
        );
      }
      await sleep(5);
    }
  }

  /** Ask the sentinel that is listened to. @throws RingleaderError CONNECTION_LOST, CLOSED */
  async ask(...words: readonly string[]): Promise<Reply> {
    if (this.#asker === null) {
      throw new RingleaderError('CONNECTION_LOST', `no sentinel can be asked: ${this.#why}`);
    }
    return this.#asker.ask(...words);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#leave();
  }

  /** One sentinel after the other, until it is closed. */
  async #run(): Promise<void> {
    for (let failures = 0; !this.#isClosed;) {
      const sentinel = this.#known[0]!;
      try {
        await this.#follow(sentinel, () => (failures = 0));
      } catch (error) {
        this.#why = error instanceof Error ? error.message : String(error);
      }
      this.#leave();
      this.#known = [...this.#known.slice(1), sentinel];
      failures += 1;
      if (failures % this.#known.length === 0) await sleep(PAUSE_MS);
    }
  }

  /** Ask and listen until this sentinel is lost. @throws why it is of no use any more. */
  async #follow(sentinel: Address, onGood: () => void): Promise<void> {
    const { host, port } = sentinel;
    const { auth, name, tls } = this.#setup;
    const asker = new Asker(host, port, { tls, silentMs: SILENT_MS });
    this.#asker = asker;
    if (auth.length > 0) check(asker, await asker.ask('AUTH', ...auth));
    const lost = this.#listen(sentinel);
    await Promise.race([this.#askMaster(asker), lost]);
    this.#learn(await asker.ask('SENTINEL', 'SENTINELS', name));
    onGood();
    for (;;) {
      await Promise.race([this.#pause(), lost]);
      if (this.#isClosed) return;
      await this.#askMaster(asker);
    }
  }

  /** Subscribe to all that a sentinel says. @returns a promise that is rejected when it is lost. */
  #listen(sentinel: Address): Promise<never> {
    const { auth, tls } = this.#setup;
    const { host, port } = sentinel;
    const lost = new Promise<never>((_resolve, reject) => {
      const handlers = {
        onOpen() {},
        onReply: (_tag: null, value: Reply) => {
          if (value.type === 'error') reject(new Error(value.text));
        },
        onMessage: (channel: string, payload: string) => this.#hear(sentinel, channel, payload),
        onClose: (why: string) => reject(new Error(`${joinHostPort(host, port)}: ${why}`)),
      };
      this.#events = RespLink.to(host, port, tls, handlers);
    });
    lost.catch(() => {});
    if (auth.length > 0) this.#events?.send(['AUTH', ...auth], null);
    this.#events?.send(['PSUBSCRIBE', '*'], null);
    return lost;
  }

  #hear(sentinel: Address, channel: string, payload: string): void {
    if (channel === '+switch-master') {
      const [name, , , host = '', port = ''] = payload.split(' ');
      if (name === this.#setup.name) this.#setMaster({ host, port: Number(port) });
    }
    this.#setup.onMessage(sentinel, channel, payload);
  }

  async #askMaster(asker: Asker): Promise<void> {
    const { name } = this.#setup;
    const before = this.#master;
    const reply = check(asker, await asker.ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name));
    if (reply.type !== 'array') throw new Error(`${asker.name} watches no master named ${name}`);
    const [host = '', port = ''] = reply.items.map((item) =>
      item.type === 'bulk' ? text(item.value) : '',
    );
    // Of two connections the news may be read first, and then an answer that is older than it.
    if (this.#master === before) this.#setMaster({ host, port: Number(port) });
  }

  #setMaster(address: Address): void {
    if (this.#isClosed || (this.#master !== null && isSame(this.#master, address))) return;
    this.#master = address;
    this.#setup.onMaster(address);
  }

  /** Add the sentinels that this one knows of. */
  #learn(reply: Reply): void {
    if (reply.type !== 'array') return;
    for (const item of reply.items) {
      const fields = fieldsOf(item);
      const address = { host: fields.get('ip') ?? '', port: Number(fields.get('port')) };
      const isNew = !this.#known.some((known) => isSame(known, address));
      if (isNew && address.host !== '' && address.port > 0) this.#known.push(address);
    }
  }

  #leave(): void {
    this.#asker?.close();
    this.#asker = null;
    this.#events?.close();
    this.#events = null;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, SILENT_MS);
    });
  }
}

const isSame = (a: Address, b: Address): boolean => a.host === b.host && a.port === b.port;

/** @throws Error: the reply is one. */
function check(asker: Asker, reply: Reply): Reply {
  if (reply.type === 'error') throw new Error(`${asker.name}: ${reply.text}`);
  return reply;
}

/** A map, or the array of names and values that RESP2 has instead. */
export function fieldsOf(reply: Reply): ReadonlyMap<string, string> {
  const words =
    reply.type === 'array' ? reply.items.map((i) => (i.type === 'bulk' ? text(i.value) : '')) : [];
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) fields.set(words[i]!, words[i + 1]!);
  return fields;
}
