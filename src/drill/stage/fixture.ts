/**
 * A drill ground for the tests of one file, under any test framework.
 *
 * Frameworks agree on hooks before and after a file's tests, under different names; whoever calls
 * passes theirs. Where `await using` is at hand, `DrillGround.open()` alone will do.
 */
import { checkFunction, refusal } from '../../base/refuse.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { Verdict } from '../judge/verdict.js';
import { DrillGround } from './drill.js';
import type { DrillRun } from './run-options.js';

/**
 * `{ before, after }` of node:test; vitest's and jest's `beforeAll` and `afterAll`; ava's
 * `test.before` and `test.after.always`.
 */
export interface FileHooks {
  readonly before: (start: () => Promise<void>) => unknown;
  readonly after: (end: () => Promise<void>) => unknown;
}

/** What tests use. */
export interface DrillFixture {
  /** The cluster under the drills. @throws Error before the first hook has run. */
  readonly cluster: Cluster;
  /** See DrillGround.drill. */
  drill(run: DrillRun): Promise<Verdict>;
}

/**
 * Open a ground before the file's tests and close it after them.
 *
 * @example
 * const ground = drillFixture({ before: beforeAll, after: afterAll });
 * test('survives a frozen master', async () => {
 *   assertPassed(await ground.drill({ scenario: 'freeze', client: myClient }));
 * });
 *
 * @param cluster - as DrillGround.open takes it.
 * @throws RingleaderError CONFIG_INVALID: no hooks.
 */
export function drillFixture(
  hooks: FileHooks,
  cluster?: Parameters<typeof DrillGround.open>[0],
): DrillFixture {
  if (typeof hooks !== 'object' || hooks === null) {
    throw refusal('the hooks of drillFixture()', 'an object { before, after }', hooks);
  }
  checkFunction('before', hooks.before);
  checkFunction('after', hooks.after);
  let open: DrillGround | null = null;
  const ground = (): DrillGround => {
    if (open !== null) return open;
    throw new Error('the drill fixture is used before its `before` hook has run');
  };
  hooks.before(async () => {
    open = await DrillGround.open(cluster);
  });
  hooks.after(async () => {
    await open?.close();
  });
  return {
    get cluster() {
      return ground().cluster;
    },
    drill: async (run) => await ground().drill(run),
  };
}
