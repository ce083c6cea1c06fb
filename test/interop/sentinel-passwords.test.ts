/** Sentinels that want a password, of both kinds, get one from each other. */
import test from 'ava';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { KINDS, launch } from './sentinel-pair.js';

const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;

const WAYS: readonly (readonly [how: string, lines: readonly string[]])[] = [
  ['requirepass', ['requirepass p']],
  ['requirepass and sentinel-pass', ['requirepass p', 'sentinel sentinel-pass p']],
  [
    'a user of their own',
    [
      'user default on >p +@all &*',
      'user peer on >q &* -@all +ping +publish +client|setname +sentinel|is-master-down-by-addr',
      'sentinel sentinel-user peer',
      'sentinel sentinel-pass q',
    ],
  ],
];

for (const [how, lines] of WAYS) {
  testInTurn(`by ${how}`, async (t) => {
    const master = await RealRedis.start();
    t.teardown(() => master.stop());
    const watch = [
      `sentinel monitor mymaster 127.0.0.1 ${master.port} 2`,
      'sentinel down-after-milliseconds mymaster 1000',
    ];
    for (const port of await Promise.all(
      KINDS.map(async (kind) => (await launch(t, kind, [...lines, ...watch])).port),
    )) {
      let client: RespClient | null = null;
      await until(
        async () => (client ??= await RespClient.connect(port).catch(() => null)) !== null,
      );
      t.teardown(() => client!.close());
      t.is(await client!.value('AUTH', 'p'), '+OK');
      await until(
        async () => {
          const flags = JSON.stringify(await client!.value('SENTINEL', 'SENTINELS', 'mymaster'));
          const others = JSON.stringify(await client!.value('SENTINEL', 'CKQUORUM', 'mymaster'));
          return /"last-ping-sent","0"/.test(flags) && /OK 2 usable/.test(others);
        },
        'each is answered by the other',
        30_000,
      );
    }
  });
}
