import type { Reply } from '../../src/resp/reply.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { startPair } from './compare.js';

test('INFO has the sections and fields of Redis, in the same order', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  for (const client of [real, ours]) await client.call('SET', 'a', '1');
  for (const args of [[], ['clients'], ['stats', 'SERVER'], ['nosuch'], ['default']]) {
    const expected = fields(await real.call('INFO', ...args));
    const actual = fields(await ours.call('INFO', ...args));
    t.deepEqual(actual, expected, `INFO ${args.join(' ')}`);
  }
  real.close();
  ours.close();
});

/** Titles and names of fields; replication's are its own module's, which is tested there. */
function fields(reply: Reply | null): string[] {
  const sections = String(plain(reply)).split('\r\n\r\n');
  return sections
    .filter((section) => !section.startsWith('# Replication'))
    .flatMap((section) => section.split('\r\n').map((line) => line.split(':', 1)[0] ?? ''));
}

test('INFO keyspace, stats and clients tell what happened', async (t) => {
  const pair = await startPair(t);
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    await client.call('MSET', 'a', '1', 'b', '2');
    await client.call('EXPIRE', 'a', '100');
    await client.call('GET', 'a');
    await client.call('GET', 'nosuch');
    await client.call('INCR', 'a', 'b');
    await client.call('nosuch');
    const info = String(plain(await client.call('INFO', 'keyspace', 'stats', 'clients')));
    t.regex(info, /db0:keys=2,expires=1,avg_ttl=\d+/);
    t.regex(info, /keyspace_hits:1\r/);
    t.regex(info, /keyspace_misses:1\r/);
    t.regex(info, /total_error_replies:2\r/);
    t.regex(info, /connected_clients:1\r/);
    client.close();
  }
});
