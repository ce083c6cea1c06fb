/** A short form of `npm run crashes`. */
import test from 'ava';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Prng } from '../../src/base/prng.js';
import { type CrashPolicy, crashRounds } from './round.js';

for (const policy of ['always', 'everysec', 'rdb'] satisfies CrashPolicy[]) {
  test(`after SIGKILL under load a prefix comes back: ${policy}`, async (t) => {
    t.timeout(120_000);
    const dir = await mkdtemp(path.join(tmpdir(), 'ringleader-crashes-'));
    t.teardown(() => rm(dir, { recursive: true, force: true }));
    const rounds = policy === 'rdb' ? 2 : 4;
    const lost = await crashRounds(dir, policy, rounds, new Prng(7));
    t.is(lost.length, rounds);
    if (policy === 'always') t.deepEqual(new Set(lost), new Set([0]));
  });
}
