/** redis-cli --functions-rdb: a snapshot of the libraries alone, from ours as from a real server. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';

const run = promisify(execFile);
const LIBRARY = '#!lua name=mylib\nredis.register_function("f", function() return 1 end)';

testWithRedis('redis-cli takes libraries and no keys', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-functions-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const flags = ['--repl-diskless-sync-delay', '0'];
  for (const server of [await RingleaderServer.start(...flags), await RealRedis.start(...flags)]) {
    t.teardown(() => server.stop());
    const client = await RespClient.connect(server.port);
    t.teardown(() => client.close());
    await client.call('SET', 'key-of-no-interest', 'value');
    await client.call('FUNCTION', 'LOAD', LIBRARY);
    const file = path.join(dir, `${server.port}.rdb`);
    await run('redis-cli', ['-p', `${server.port}`, '--functions-rdb', file]);
    const { stdout } = await run('redis-check-rdb', [file]);
    t.regex(stdout, /Checksum OK[^]*RDB looks OK[^]*0 keys read/);
    await run('redis-cli', ['-p', `${server.port}`, '--rdb', file]);
    const whole = await run('redis-check-rdb', [file]);
    t.regex(whole.stdout, /Checksum OK[^]*RDB looks OK[^]*1 keys read/);
    await run('redis-cli', ['-p', `${server.port}`, '--functions-rdb', file]);
    const bytes = readFileSync(file, 'latin1');
    t.true(bytes.includes('mylib'));
    t.false(bytes.includes('key-of-no-interest'));

    const replconf = (filters: string) => client.value('REPLCONF', 'rdb-filter-only', filters);
    t.is(await replconf('"functions"'), '+OK');
    t.is(await replconf(''), '+OK');
    t.is(await replconf('functions keys'), '-ERR Unsupported rdb-filter-only option: keys');
    t.is(await replconf('"functions'), '-ERR Missing rdb-filter-only values');
  }
});
