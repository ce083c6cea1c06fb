/**
 * `ringleader/fastify`: a Fastify plugin. It gives the server `fastify.cache`, and closes it, and the
 * cluster if it has started it, when the server closes.
 */
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
  readonly cache?: CacheOptions<unknown>;
}

/** What the plugin needs of a Fastify instance. */
interface FastifyLike {
  decorate(name: 'cache', value: Cache<unknown>): unknown;
  addHook(name: 'onClose', hook: () => Promise<void>): unknown;
}

/**
 * @example
 * await fastify.register(fastifyRingleader, { cluster, cache: { codec: 'json' } });
 * fastify.get('/user/:id', ({ params }) =>
 *   fastify.cache.wrap(`user:${params.id}`, '5m', () => db.user(params.id)));
 */
export async function fastifyRingleader(
  fastify: FastifyLike,
  options: FastifyRingleaderOptions = {},
): Promise<void> {
  const { cluster, handle, start = {}, cache: cacheOptions = {} } = options;
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
