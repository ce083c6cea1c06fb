// Keyv and cache-manager on a cluster in this process. Run: node examples/keyv.mjs
import { Cluster } from 'ringleader';
import { KeyvRingleader } from 'ringleader/keyv';

const { Keyv } = await import('keyv').catch(() => {
  console.error('this example needs keyv: npm install keyv');
  process.exit(1);
});

const cluster = await Cluster.start({ replicas: 1, sentinels: 3, maxmemory: '64mb' });
const keyv = new Keyv({ store: new KeyvRingleader(cluster), namespace: 'users' });

await keyv.set('1', { name: 'Ada' }, 60_000);
console.log(await keyv.get('1')); // { name: 'Ada' }
await cluster.kill(cluster.masterId);
console.log(await keyv.get('1')); // { name: 'Ada' }: read from memory that outlives its thread.
await keyv.set('2', { name: 'Grace' }); // The new master takes it.
for await (const [key, value] of keyv.iterator()) console.log(key, value);

// cache-manager 7 and NestJS take the same object:
//   createCache({ stores: [keyv] })
//   CacheModule.registerAsync({ useFactory: () => ({ stores: [keyv] }) })
await keyv.disconnect();
await cluster.stop();
