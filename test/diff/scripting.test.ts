/** Scripts and functions beside real Redis': results, errors, effects. */
import { quote } from '../../src/resp/split-args.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, startPair } from './compare.js';
import { LINES, SCRIPTS } from './scripting-table.js';

test('scripts give what they give in Redis', async (t) => {
  const pair = await startPair(t);
  const lines = SCRIPTS.map((script) => `EVAL ${quote(script)} 2 k1 k2 a1 2`);
  await compare(t, pair, [...lines, ...LINES]);
});

test('libraries go from one to the other and back', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  const code = "#!lua name=lib\nredis.register_function('f', function(k, a) return a[1] end)";
  await real.call('FUNCTION', 'LOAD', code);
  const dumped = plain(await real.call('FUNCTION', 'DUMP'));
  t.true(Buffer.isBuffer(dumped) || typeof dumped === 'string');
  const payload = Buffer.from(String(dumped), 'latin1');
  t.is(plain(await ours.call('FUNCTION', 'RESTORE', payload)), '+OK');
  t.is(plain(await ours.call('FCALL', 'f', '0', 'hello')), 'hello');
  t.deepEqual(plain(await ours.call('FUNCTION', 'DUMP')), dumped);
  for (const policy of ['APPEND', 'REPLACE', 'FLUSH']) {
    const [expected, actual] = [
      plain(await real.call('FUNCTION', 'RESTORE', payload, policy)),
      plain(await ours.call('FUNCTION', 'RESTORE', payload, policy)),
    ];
    t.deepEqual(actual, expected, policy);
  }
  real.close();
  ours.close();
});
