import * as fc from 'fast-check';
import test from 'ava';

import { Prng } from '../../src/base/prng.js';
import { type ChildSpec, type Death, decideRestart } from '../../src/runtime/supervisor.js';

const spec: ChildSpec = {
  restart: 'permanent',
  intensity: { maxRestarts: 3, withinMs: 1_000 },
  backoff: { initialMs: 100, maxMs: 250 },
};
const replica: Death = { wasMaster: false, hasDisk: false, hasReplicas: true };
const master: Death = { ...replica, wasMaster: true };

function decide(death: Death, restarts: number[], now: number, child = spec) {
  return decideRestart(child, restarts, death, now, new Prng(1));
}

test('a replica is restarted, and the restart remembered', (t) => {
  t.like(decide(replica, [], 5_000), { type: 'restart', restarts: [5_000] });
  t.like(decide(replica, [4_500], 5_000), { type: 'restart', restarts: [4_500, 5_000] });
});

test('the intensity is exceeded by one restart too many within the time, not by fewer', (t) => {
  t.is(decide(replica, [4_600, 4_700], 5_000).type, 'restart');
  t.deepEqual(decide(replica, [4_600, 4_700, 4_800], 5_000), {
    type: 'give-up',
    why: '3 restarts within 1000 ms',
  });
});

test('a restart stops counting when it is as old as the window, not 1 ms before', (t) => {
  t.is(decide(replica, [4_000, 4_700, 4_800], 5_000).type, 'restart');
  t.is(decide(replica, [4_001, 4_700, 4_800], 5_000).type, 'give-up');
});

test('each restart within the window waits longer, within half of its delay, up to the limit', (t) => {
  const limits = [
    [50, 100],
    [100, 200],
    [125, 250],
  ];
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(0, 1, 2), (seed, recent) => {
      const restarts = Array.from({ length: recent }, () => 4_999);
      const decision = decideRestart(spec, restarts, replica, 5_000, new Prng(seed));
      const [low, high] = limits[recent] ?? [];
      t.true(decision.type === 'restart' && decision.afterMs >= low! && decision.afterMs <= high!);
    }),
  );
});

test('the same seed waits the same, other seeds otherwise', (t) => {
  const delays = Array.from({ length: 20 }, (_, seed) => {
    const decision = decideRestart(spec, [], replica, 0, new Prng(seed));
    return decision.type === 'restart' ? decision.afterMs : -1;
  });
  t.true(new Set(delays).size > 5);
  t.deepEqual(decide(replica, [], 0), decide(replica, [], 0));
});

test('a master without a disk waits while others hold copies, and only then', (t) => {
  t.deepEqual(decide(master, [], 0), { type: 'wait-for-failover' });
  t.is(decide({ ...master, hasDisk: true }, [], 0).type, 'restart');
  t.is(decide({ ...master, hasReplicas: false }, [], 0).type, 'restart');
  t.is(decide({ ...master, wasMaster: false }, [], 0).type, 'restart');
});

test('a temporary child is never restarted', (t) => {
  t.is(decide(replica, [], 0, { ...spec, restart: 'temporary' }).type, 'give-up');
  t.is(decide(master, [], 0, { ...spec, restart: 'temporary' }).type, 'give-up');
});
