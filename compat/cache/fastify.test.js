// The Fastify plugin in a real Fastify.
import Fastify from 'fastify';
import { expect, test } from 'vitest';

import { fastifyRingleader } from '../../dist/src/adapters/fastify.js';

test('the plugin decorates the server and stops its cluster with it', async () => {
  const fastify = Fastify();
  await fastify.register(fastifyRingleader, {
    start: { replicas: 0, sentinels: 0 },
    cache: { codec: 'json' },
  });
  let computed = 0;
  fastify.get('/user/:id', ({ params }) =>
    fastify.cache.wrap(`user:${params.id}`, '5m', () => ({ id: params.id, computed: ++computed })),
  );
  const answers = [];
  for (let i = 0; i < 3; i += 1) answers.push((await fastify.inject('/user/7')).json());
  expect(answers).toEqual(Array.from({ length: 3 }, () => ({ id: '7', computed: 1 })));
  await fastify.close();
  expect(() => fastify.cache.getSync('user:7')).not.toThrow(); // The memory is still there to be read…
  await expect(fastify.cache.set('a', 1)).rejects.toMatchObject({ code: 'CLOSED' }); // …and no more.
});
