/**
 * Hostile bytes on a sentinel's port: an error or a closed connection, and a sentinel that lives.
 */
import test from 'ava';
import * as fc from 'fast-check';
import { startReal } from '../cluster/fixtures/real.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RespClient, plain } from '../support/resp-client.js';

const word = fc.oneof(
  fc.constantFrom(
    'SENTINEL',
    'MASTER',
    'mymaster',
    'FAILOVER',
    'IS-MASTER-DOWN-BY-ADDR',
    'CKQUORUM',
    'RESET',
    'MONITOR',
    'SET',
    'CONFIG',
    'GET',
    '*',
    'PUBLISH',
    '__sentinel__:hello',
    'SUBSCRIBE',
    'HELLO',
    '127.0.0.1',
    '0',
    '-1',
    '3',
    '99999999999999999999',
    '',
    'CLIENT',
    'INFO',
    'AUTH',
    'ROLE',
  ),
  fc.string({ maxLength: 30 }),
);
/** Not these: each does to a sentinel what it says. */
const allowed = (words: readonly string[]): boolean => {
  const [name = '', sub = ''] = words.map((each) => each.toUpperCase());
  if (name === 'SHUTDOWN') return false;
  return (
    name !== 'SENTINEL' || !/^(?:RESET|REMOVE|MONITOR|SET|CONFIG|FAILOVER|DEBUG|FLUSH)/.test(sub)
  );
};
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 300 }).map((text) => Buffer.from(`${text}\r\n`)),
  // Commands whole, cut off, and with a wrong count or length.
  fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 8 }).filter(allowed), fc.nat(400))
    .map(([words, keep]) => Buffer.from(encodeCommand(words)).subarray(0, keep + 1)),
  fc
    .tuple(fc.integer(), fc.integer())
    .map(([count, length]) => Buffer.from(`*${count}\r\n$${length}\r\nx\r\n`)),
);

test('no bytes end a sentinel, nor change what it knows', async (t) => {
  const cluster = await startReal(t, { replicas: 1, sentinels: 1, downAfterMs: 30_000 });
  const { port } = cluster.sentinels()[0]!;
  const down: string[] = [];
  cluster.on('sentinel-down', ({ detail }) => down.push(detail));
  const witness = await RespClient.connect(port);
  t.teardown(() => witness.close());
  const before = await witness.value('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster');

  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 5 }), async (messages) => {
      const client = await RespClient.connect(port);
      for (const bytes of messages) client.write(bytes);
      // Answered or not, the sentinel has read it by when it answers the next one.
      const answer = await witness.call('PING');
      client.close();
      return plain(answer) === '+PONG';
    }),
    { numRuns: 300 },
  );
  t.deepEqual(down, []);
  t.deepEqual(await witness.value('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster'), before);
});
