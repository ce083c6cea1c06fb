/**
 * Keyspace notifications: what happens to keys, as messages to whoever subscribes to it.
 *
 * `__keyspace@<db>__:<key>` gets the event's name, `__keyevent@<db>__:<event>` the key's. Off by
 * default, and then nothing costs more. On, writes are handed over by the core (gate.ts) so that
 * the commands' specs can say what each did; what only the core sees (expiry, new keys, misses) it
 * notes in a queue. A replica notifies of what it applies from its master's stream (applied.ts).
 *
 * @see redis/redis 7.0.15 src/notify.c, notifyKeyspaceEvent()
 */
import type { Config } from '../config/config.js';
import {
  EVENT_EVICTED,
  EVENT_EXPIRED,
  EVENT_MISS,
  EVENT_NEW,
  EVENT_RENAME_FROM,
  EVENT_RENAME_TO,
  EVENT_XADD,
  EVENT_XTRIM,
} from '../core/assembly/layout.js';
import type { PubSub } from '../pubsub/pubsub.js';
import type { Core } from '../core/core.js';
import type { EventClass } from '../commands/facts.js';
import type { Tracking } from './tracking.js';

const CORE_EVENTS = [
  { event: EVENT_EXPIRED, class: 'x', name: 'expired' },
  { event: EVENT_EVICTED, class: 'e', name: 'evicted' },
  { event: EVENT_NEW, class: 'n', name: 'new' },
  { event: EVENT_MISS, class: 'm', name: 'keymiss' },
  { event: EVENT_XADD, class: 't', name: 'xadd' },
  { event: EVENT_XTRIM, class: 't', name: 'xtrim' },
  { event: EVENT_RENAME_FROM, class: 'g', name: 'rename_from' },
  { event: EVENT_RENAME_TO, class: 'g', name: 'rename_to' },
] as const;

export class KeyspaceEvents {
  readonly #core: Core;
  readonly #pubsub: PubSub;
  readonly #tracking: Tracking;
  #letters = '';
  /** Taken from the core and not told yet. */
  readonly #noted: ReturnType<Core['takeEvents']> = [];

  constructor(config: Config, core: Core, pubsub: PubSub, tracking: Tracking) {
    this.#core = core;
    this.#pubsub = pubsub;
    this.#tracking = tracking;
    tracking.onActive = () => this.#choose(config.notifyKeyspaceEvents.value);
    const setting = config.notifyKeyspaceEvents;
    this.#choose(setting.value);
    setting.onChange((letters) => {
      this.#choose(letters);
      return null;
    });
  }

  /** Whether anything is to be told. */
  get active(): boolean {
    return this.#letters !== '';
  }

  #choose(letters: string): void {
    this.#letters = /[KE]/.test(letters) ? letters : '';
    const wanted = CORE_EVENTS.filter((each) => this.#letters.includes(each.class));
    const forTracking = this.#tracking.active ? EVENT_EXPIRED | EVENT_EVICTED : 0;
    this.#core.setNotedEvents(wanted.reduce((bits, { event }) => bits | event, forTracking));
    this.#core.takeEvents();
  }

  /** Something has happened to a key. What the core has noted is told first. */
  notify(eventClass: EventClass, name: string, key: Uint8Array, db: number): void {
    this.drain();
    this.#tell(eventClass, name, key, db);
  }

  /**
   * The same for one of several keys of a command that has run: of what the core has noted, only
   * what goes up to this key is told first.
   */
  notifyNext(eventClass: EventClass, name: string, key: Uint8Array, db: number): void {
    if (!this.active) return;
    this.#noted.push(...this.#core.takeEvents());
    const last = this.#noted.findLastIndex((noted) => noted.db === db && noted.key.equals(key));
    this.#tellNoted(last + 1);
    this.#tell(eventClass, name, key, db);
  }

  /** Tell what the core has noted. */
  drain(): void {
    if (!this.active && !this.#tracking.active) return;
    this.#noted.push(...this.#core.takeEvents());
    this.#tellNoted(this.#noted.length);
  }

  #tellNoted(count: number): void {
    for (const { event, db, key } of this.#noted.splice(0, count)) {
      if (event === EVENT_EXPIRED || event === EVENT_EVICTED) this.#tracking.invalidate(key);
      const kind = CORE_EVENTS.find((each) => each.event === event);
      if (kind !== undefined) this.#tell(kind.class, kind.name, key, db);
    }
  }

  #tell(eventClass: EventClass, name: string, key: Uint8Array, db: number): void {
    if (!this.#letters.includes(eventClass)) return;
    if (this.#letters.includes('K')) {
      this.#pubsub.publish(Buffer.concat([Buffer.from(`__keyspace@${db}__:`), key]), name);
    }
    if (this.#letters.includes('E')) {
      this.#pubsub.publish(Buffer.from(`__keyevent@${db}__:${name}`), key);
    }
  }
}
