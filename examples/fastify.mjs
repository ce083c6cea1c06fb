// A Fastify server whose expensive route is computed once per five minutes. Run: node examples/fastify.mjs
import { fastifyRingleader } from 'ringleader/fastify';

const { default: Fastify } = await import('fastify').catch(() => {
  console.error('this example needs fastify: npm install fastify');
  process.exit(1);
});

const fastify = Fastify();
await fastify.register(fastifyRingleader, {
  start: { replicas: 1, sentinels: 3, maxmemory: '64mb' },
  cache: { codec: 'json' },
});
fastify.get('/square/:n', ({ params }) =>
  fastify.cache.wrap(`square:${params.n}`, '5m', () => ({ n: params.n, square: params.n ** 2 })),
);
console.log((await fastify.inject('/square/12')).json()); // { n: '12', square: 144 }
console.log((await fastify.inject('/square/12')).json(), fastify.cache.stats().computed); // … 1
await fastify.close(); // And the cluster with it.
