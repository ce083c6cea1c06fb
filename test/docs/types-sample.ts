/**
 * A program that is never run: each line is a claim about a type, or a mistake that the compiler
 * sees.
 */
export const TYPES = `
import { attach, type Cache, Cluster, type ClusterHandle, type Codec, type Ttl } from 'ringleader';
import { KeyvRingleader } from 'ringleader/keyv';
import { fastifyRingleader } from 'ringleader/fastify';
import Fastify from 'fastify';
import { Keyv } from 'keyv';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<A, B>(_same: Same<A, B>): void {}

interface User { name: string; age?: number }
declare const handle: ClusterHandle;
const cluster = await Cluster.start({ replicas: 1 });

// The codec decides.
const strings = await cluster.cache();
is<typeof strings, Cache<string>>(true);
const buffers = await cluster.cache({ codec: 'buffer', ttl: '5m' });
is<typeof buffers, Cache<Buffer>>(true);
const anything = await cluster.cache({ codec: 'json', ttl: 500 });
is<typeof anything, Cache<unknown>>(true);
const users = await attach<User>(handle, { codec: 'msgpack', ttl: '1.5 h', read: 'nearest' });
is<typeof users, Cache<User>>(true);
const numbers = await attach(handle, { codec: { encode: (n: number) => String(n), decode: Number } });
is<typeof numbers, Cache<number>>(true);
const general = await attach(handle, { codec: 'json' as 'json' | 'string' | Codec<unknown> });
is<typeof general, Cache<unknown>>(true);

// Reading.
const user = users.getSync('1');
is<typeof user, User | undefined>(true);
const name: string | undefined = (await anything.get<User>('1'))?.name;
const many = await users.mget(['1', '2']);
is<typeof many, (User | undefined)[]>(true);

// wrap: what is computed, as wide as the cache's values are.
const text = await strings.wrap('a', '5m', () => 'a');
is<typeof text, string>(true);
const answer = await anything.wrap('a', '5m', async () => 42, { stale: '1m' });
is<typeof answer, number>(true);
const ada = await anything.wrap<User>('a', '5m', () => ({ name: 'Ada' }));
is<typeof ada, User>(true);
const found = await users.wrap('a', 5_000, async (): Promise<User> => ({ name: 'Ada' }));
is<typeof found, User>(true);

// Namespaces.
const inner = anything.namespace<User>('users', { ttl: '5m' });
is<typeof inner, Cache<User>>(true);
const same = users.namespace('same');
is<typeof same, Cache<User>>(true);
const images = users.namespace('images', { codec: 'buffer' });
is<typeof images, Cache<Buffer>>(true);
const pages = strings.namespace<User[]>('pages', { codec: 'json', jitter: 0.1 });
is<typeof pages, Cache<User[]>>(true);

// Writing.
await strings.set('a', 'b', 5_000);
await strings.set('a', 'b', '5m');
await users.set('a', { name: 'Ada' }, { ttl: '5m' });
await users.delete('a', ['b', 'c']);
const ttl: Ttl = '12h';

// Adapters.
const keyv = new Keyv({ store: new KeyvRingleader(cluster) });
new KeyvRingleader(users);
const fastify = Fastify();
await fastify.register(fastifyRingleader, { cluster, cache: { codec: 'json' } });
fastify.get<{ Params: { id: string } }>('/user/:id', ({ params }) =>
  fastify.cache.wrap(params.id, '5m', (): User => ({ name: params.id })),
);

// What the compiler refuses.
// @ts-expect-error no unit
await strings.set('a', 'b', '5');
// @ts-expect-error no such unit
await cluster.cache({ ttl: '5 minutes' });
// @ts-expect-error a number, in a cache of strings
await strings.set('a', 5);
// @ts-expect-error no name
await users.set('a', {});
// @ts-expect-error a user of a cache of strings
await cluster.cache<User>({ ttl: '5m' });
// @ts-expect-error no such codec
await cluster.cache({ codec: 'xml' });
// @ts-expect-error no such option
await cluster.cache({ codec: 'json', colour: 1 });
// @ts-expect-error no such option of set
await strings.set('a', 'b', { px: 5 });
// @ts-expect-error no such option of wrap
await strings.wrap('a', '5m', () => 'b', { grace: 5 });
// @ts-expect-error a namespace reads as its cache does
strings.namespace('a', { read: 'nearest' });
// @ts-expect-error numbers, of a cache of users
await users.wrap('a', '5m', () => 42);
export { keyv, name, ttl };
`;
