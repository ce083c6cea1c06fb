/**
 * `ringleader/fastify`: a Fastify plugin. It gives the server `fastify.cache`, and closes it, and
 * the cluster if it has started it, when the server closes.
 */
import type { FastifyInstance } from 'fastify';

import { checkOptions, refusal } from '../base/refuse.js';
import { Cluster } from '../cluster/cluster.js';
import { attach } from '../cache/attach.js';
import type { Cache } from '../cache/cache.js';
import type { CacheOptions } from '../cache/options.js';
import type { ClusterHandle } from '../cache/handle.js';
import type { ClusterOptions } from '../cluster/options.js';

export interface FastifyRingleaderOptions {
  /** A cluster to use; it is left running. */
  readonly cluster?: { handle(): ClusterHandle };
  /** The handle of a cluster in another thread. */
  readonly handle?: ClusterHandle;
  /** With neither: what to start a cluster with. */
  readonly start?: ClusterOptions;
  /** Of the cache. */
  readonly cache?: CacheOptions;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Of ringleader/fastify. Types: `fastify.cache.get<User>(…)`, or a namespace's. */
    readonly cache: Cache<unknown>;
  }
}

/** What the plugin takes, and what Fastify hands to every plugin. */
const NAMES = ['cluster', 'handle', 'start', 'cache', 'prefix', 'logLevel', 'logSerializers'];

/**
 * The values can be of any type, if the cache's codec is 'json' or 'msgpack'.
 *
 * @example
 * await fastify.register(fastifyRingleader, { cluster, cache: { codec: 'json' } });
 * fastify.get<{ Params: { id: string } }>('/user/:id', ({ params }) =>
 *   fastify.cache.wrap(`user:${params.id}`, '5m', () => db.user(params.id)));
 */
export async function fastifyRingleader(
  fastify: FastifyInstance,
  options: FastifyRingleaderOptions = {},
): Promise<void> {
  checkOptions('fastifyRingleader', options, NAMES);
  const { cluster, handle, start = {}, cache: cacheOptions = {} } = options;
  const sources = [cluster, handle, options.start].filter((source) => source !== undefined);
  if (sources.length > 1) {
    throw refusal('options of fastifyRingleader', 'one of cluster, handle and start', options);
  }
  const own = cluster === undefined && handle === undefined ? await Cluster.start(start) : null;
  let cache: Cache<unknown>;
  try {
    cache = await attach(handle ?? (cluster ?? own)!.handle(), cacheOptions);
  } catch (error) {
    await own?.stop();
    throw error;
  }
  fastify.decorate('cache', cache);
  fastify.addHook('onClose', async () => {
    cache.close();
    await own?.stop();
  });
}

// What fastify-plugin would do: decorate the instance that registers, not one of the plugin's own.
Object.assign(fastifyRingleader, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'ringleader',
});
