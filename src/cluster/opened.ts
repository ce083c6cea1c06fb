/**
 * Clients, channels and caches that a cluster's users have opened, to be closed with the cluster.
 */
import type { MessagePort } from 'node:worker_threads';

import { type AttachOptions, type CacheOptions } from '../cache/options.js';
import { openCache } from '../cache/attach.js';
import type { Cache } from '../cache/cache.js';
import type { ClusterHandle } from '../cache/handle.js';
import { RingleaderError } from '../base/errors.js';
import type { Router } from '../runtime/router.js';
import { realClock } from '../io/clock.js';
import { BatchChannel, type BatchOptions } from './client/batch.js';
import { Client } from './client/client.js';
import type { ClientOptions } from './client/client-options.js';
import type { MasterSource } from './client/master-source.js';
import { type ClusterEmitter, onMaster } from './events.js';

/** Who takes commands, now. */
interface Mastership {
  readonly masterId: () => string;
  readonly isReadOnly: () => boolean;
}

export class Opened {
  readonly #router: Router;
  readonly #events: ClusterEmitter;
  readonly #mastership: Mastership;
  readonly #closers = new Set<() => void>();

  constructor(router: Router, events: ClusterEmitter, mastership: Mastership) {
    this.#router = router;
    this.#events = events;
    this.#mastership = mastership;
  }

  /** A client of whoever is master. */
  client(options: ClientOptions): Client {
    const { isReadOnly, masterId } = this.#mastership;
    const close = (): void => client.close();
    const source: MasterSource = {
      connect: () => {
        const id = masterId();
        const port = this.#router.connect(id, 'client');
        return port === null ? null : { id, port };
      },
      isReadOnly,
      onChange: (callback) => onMaster(this.#events, callback),
      onClosed: () => void this.#closers.delete(close), // By its user: nothing of it is kept.
    };
    const client = new Client(source, realClock, options);
    this.#closers.add(close);
    return client;
  }

  /** @throws RingleaderError ACTOR_DOWN */
  batches(id: string, options: BatchOptions): BatchChannel {
    const port = this.#router.connect(id, 'client');
    if (port === null) throw new RingleaderError('ACTOR_DOWN', `${id} cannot be reached`);
    const channel = new BatchChannel(port, options);
    const close = (): void => channel.close();
    this.#closers.add(close);
    port.on('close', () => this.#closers.delete(close));
    return channel;
  }

  /** A new connection's end for another thread; null: the node cannot be reached. */
  openConnection(id: string): { port: MessagePort; counters: SharedArrayBuffer } | null {
    const opened = this.#router.openConnection(id, 'client');
    return opened === null ? null : { port: opened.port, counters: opened.counters };
  }

  async cache(
    handle: ClusterHandle,
    options: AttachOptions & CacheOptions,
  ): Promise<Cache<unknown>> {
    const cache = await openCache(handle, options, () => this.#closers.delete(close));
    const close = (): void => cache.close();
    this.#closers.add(close);
    return cache;
  }

  close(): void {
    for (const close of this.#closers) close();
  }
}
