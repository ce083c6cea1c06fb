/** examples/visits.mjs, on threads and on a cluster that runs elsewhere: the same words. */
import test, { type ExecutionContext } from 'ava';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Cluster } from '../../src/cluster/cluster.js';
import { testWithRedis } from '../support/real-redis.js';

const example = fileURLToPath(new URL('../../../examples/visits.mjs', import.meta.url));

async function runs(t: ExecutionContext, where: string): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [example, where]);
  const [first, switched, last] = stdout.trim().split('\n');
  t.is(first, 'Ada, visit 3');
  t.regex(switched!, /^\S+ → \S+$/);
  t.is(last, 'visit 4, Ada is known');
}

test.serial('on threads', (t) => runs(t, 'threads'));

test.serial('on a cluster elsewhere', async (t) => {
  const cluster = await Cluster.start({ replicas: 1, sentinels: 3, readyTimeoutMs: 30_000 });
  t.teardown(() => cluster.stop());
  await runs(t, cluster.url);
});

const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;

testInTurn('on real servers', (t) => runs(t, 'redis'));
