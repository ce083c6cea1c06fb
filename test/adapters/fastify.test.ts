/** The Fastify plugin in a Fastify: the types of its decoration, and what it refuses. */
import test from 'ava';
import Fastify from 'fastify';

import { fastifyRingleader } from '../../src/adapters/fastify.js';
import { Cluster } from '../../src/index.js';

test('a route computes once, by the cache of the server, which closes with it', async (t) => {
  const cluster = await Cluster.start({ replicas: 0, sentinels: 0 });
  t.teardown(() => cluster.stop());
  const fastify = Fastify();
  await fastify.register(fastifyRingleader, { cluster, cache: { codec: 'json' } });
  let computed = 0;
  fastify.get<{ Params: { id: string } }>('/user/:id', ({ params }) =>
    fastify.cache.wrap(params.id, '5m', () => ({ id: params.id, computed: (computed += 1) })),
  );
  for (let i = 0; i < 2; i++) {
    const answer = await fastify.inject('/user/7');
    t.deepEqual(answer.json(), { id: '7', computed: 1 });
  }
  await fastify.close();
  await t.throwsAsync(fastify.cache.set('a', 1), { code: 'CLOSED' });
  const client = cluster.client();
  t.is(await client.call('PING'), 'PONG', 'a cluster that was given is left running');

  const bad = [{ clusters: cluster }, { cluster, start: {} }, { cluster, cache: { colour: 1 } }];
  for (const options of bad) {
    await t.throwsAsync(async () => Fastify().register(fastifyRingleader, options).ready(), {
      code: 'CONFIG_INVALID',
    });
  }
});
