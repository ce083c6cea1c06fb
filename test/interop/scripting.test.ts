/**
 * Scripts across servers: effects and libraries to and from a real Redis, in files, and a script
 * that runs too long.
 */
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

const LIBRARY = [
  '#!lua name=lib',
  "redis.register_function('f', function(keys, args) return redis.call('incrby', keys[1], args[1]) end)",
].join('\n');

async function ask(port: number, ...words: string[]): Promise<unknown> {
  const client = await RespClient.connect(port);
  try {
    return plain(await client.call(...words));
  } finally {
    client.close();
  }
}

/** Whether the one follows the other, and has what that has. */
const follows = (port: number, key: string, value: string) => async (): Promise<boolean> =>
  (await ask(port, 'GET', key)) === value;

test('libraries and effects reach replicas of either make', async (t) => {
  const real = await RealRedis.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => real.stop());
  const ours = await RingleaderServer.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => ours.stop());
  for (const [master, replica] of [
    [real, ours],
    [ours, real],
  ] as const) {
    await ask(master.port, 'REPLICAOF', 'NO', 'ONE');
    await ask(master.port, 'FUNCTION', 'FLUSH');
    await ask(master.port, 'FLUSHALL');
    await ask(master.port, 'FUNCTION', 'LOAD', LIBRARY);
    await ask(master.port, 'FCALL', 'f', '1', 'n', '5');
    await ask(master.port, 'SET', 'before', 'x');
    await ask(replica.port, 'REPLICAOF', '127.0.0.1', String(master.port));
    await until(follows(replica.port, 'before', 'x'));
    const names = await ask(replica.port, 'FUNCTION', 'LIST', 'WITHCODE');
    t.deepEqual(names, await ask(master.port, 'FUNCTION', 'LIST', 'WITHCODE'));
    await ask(
      master.port,
      'FUNCTION',
      'LOAD',
      LIBRARY.replace('lib', 'other').replace("'f'", "'g'"),
    );
    const script =
      "redis.call('incr', 'n') redis.call('set', KEYS[1], ARGV[1]) redis.call('del', 'before')";
    await ask(master.port, 'EVAL', script, '1', 'after', 'y');
    await until(follows(replica.port, 'after', 'y'));
    t.is(await ask(replica.port, 'GET', 'n'), await ask(master.port, 'GET', 'n'));
    t.is(await ask(replica.port, 'EXISTS', 'before'), 0);
    const stats = JSON.stringify(await ask(replica.port, 'FUNCTION', 'STATS'));
    t.true(stats.includes('"libraries_count",2'), stats);
    await ask(replica.port, 'REPLICAOF', 'NO', 'ONE');
  }
});

test('libraries outlive the server, in either kind of file', async (t) => {
  const kinds = [
    ['--save', '3600 1'],
    ['--appendonly', 'yes'],
    ['--appendonly', 'yes', '--aof-use-rdb-preamble', 'no'],
  ];
  for (const flags of kinds) {
    const first = await RingleaderServer.start(...flags);
    await ask(first.port, 'FUNCTION', 'LOAD', LIBRARY);
    await ask(first.port, 'FCALL', 'f', '1', 'n', '5');
    if (flags[0] === '--appendonly') {
      await ask(first.port, 'BGREWRITEAOF');
      await until(async () => {
        const info = String(await ask(first.port, 'INFO', 'persistence'));
        return (
          info.includes('aof_rewrite_in_progress:0') && info.includes('aof_rewrite_scheduled:0')
        );
      });
    }
    if (flags[0] === '--save') await ask(first.port, 'SAVE');
    await first.kill();
    const second = await RingleaderServer.startIn(first.dir, ...flags);
    t.teardown(() => second.stop());
    t.is(await ask(second.port, 'FCALL', 'f', '1', 'n', '1'), 6, flags.join(' '));
  }
});

test('a script that runs too long makes others BUSY, and can be ended', async (t) => {
  const server = await RingleaderServer.start('--busy-reply-threshold', '20');
  t.teardown(() => server.stop());
  const { port } = server;
  const caller = await RespClient.connect(port);
  const other = await RespClient.connect(port);
  const isBusy = async (): Promise<boolean> =>
    String(plain(await other.call('PING'))).startsWith('-BUSY');
  const loops = [
    'local function f() while true do end end while true do pcall(f) end',
    'table.sort({1, 2, 3}, function() while true do end end)',
    'coroutine.wrap(function() while true do end end)()',
  ];
  for (const loop of loops) {
    const answer = caller.call('EVAL', loop, '0');
    await until(isBusy);
    t.regex(String(plain(await other.call('FUNCTION', 'KILL'))), /^-BUSY .* SCRIPT KILL/);
    t.is(plain(await other.call('SCRIPT', 'KILL')), '+OK');
    t.regex(String(plain(await answer)), /^-ERR Script killed by user with SCRIPT KILL/, loop);
    await until(async () => !(await isBusy()));
  }
  const writing = "redis.call('set', 'k', 'v') local n = 0 while n < 5e6 do n = n + 1 end return n";
  const answer = caller.call('EVAL', writing, '0');
  await until(isBusy);
  t.regex(String(plain(await other.call('SCRIPT', 'KILL'))), /^-UNKILLABLE /);
  t.is(plain(await answer), 5_000_000);
  t.is(plain(await other.call('GET', 'k')), 'v');
  caller.close();
  other.close();
});
