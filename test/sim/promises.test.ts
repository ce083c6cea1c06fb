/** What WAIT, min-replicas and the coordinator promise, on the days on which it mattered. */
import test from 'ava';
import { networkProfile } from '../../src/sentinel/profile.js';
import { planOf } from '../../src/sim/explore.js';
import type { Fault } from '../../src/sim/fault.js';
import type { Plan } from '../../src/sim/plan.js';
import { runPlan } from '../../src/sim/run.js';
import { soundDays } from './sound-days.js';

const { options } = planOf(101);

/**
 * Both replicas have another master beyond a partition. When it heals the old one must not take
 * their heads, which are in another history, for what they have of its own.
 */
const replicasGoElsewhere: Plan = {
  options: { ...options, placement: 'threads', nodes: 3, sentinels: 3, quorum: 2, strict: false },
  faults: [
    {
      type: 'isolate',
      island: ['node-1', 'node-2', 'sentinel-0', 'sentinel-2'],
      direction: 'both',
      forMs: 1767,
      thenMs: 4000,
    },
  ],
};

test.serial('WAIT counts no replica that has gone to another master', async (t) => {
  let promised = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const { violation, seen } = await runPlan(seed, replicasGoElsewhere);
    t.is(violation, null, `seed ${seed}`);
    promised += new Map(seen).get('writes that WAIT told to be everywhere') ?? 0;
  }
  t.true(promised > 0);
});

/** A failover by hand takes the epoch of an election that it does not see. */
const sameEpoch: Plan = {
  options: {
    ...planOf(816).options,
    placement: 'processes',
    nodes: 3,
    sentinels: 3,
    quorum: 1,
    downAfterMs: 2000,
    failoverTimeoutMs: 6000,
    profile: networkProfile,
    remoteProfile: networkProfile,
    network: { delayMs: 20, slowMs: 300, loss: 0, duplication: 0 },
    disk: 'none',
    strict: false,
    coordinator: false,
  },
  faults: [
    {
      type: 'isolate',
      island: ['node-0', 'node-1', 'sentinel-1'],
      direction: 'in',
      forMs: 6174,
      thenMs: 4148,
    },
    { type: 'failover', target: 'sentinel-1', isCoordinated: true, forMs: 0, thenMs: 5000 },
  ],
};

test.serial('sentinels that name two masters under one epoch agree in the end', async (t) => {
  const seen = await soundDays(t, 6, sameEpoch);
  t.true((seen.get('epochs with two masters') ?? 0) > 0);
});

/** Two replicas are cut off one after the other, each for less than may be missed. */
const oneAfterTheOther: Plan = {
  options: {
    ...options,
    placement: 'mixed',
    nodes: 3,
    minReplicas: { toWrite: 2, maxLagSeconds: 2 },
  },
  faults: [
    { type: 'cut', from: 'node-1', to: 'node-0', forMs: 2950, thenMs: 1661 },
    { type: 'cut', from: 'node-2', to: 'node-0', forMs: 1847, thenMs: 2500 },
  ],
};

test.serial('min-replicas counts from when each replica was last heard', async (t) => {
  for (let seed = 1; seed <= 4; seed++) {
    t.is((await runPlan(seed, oneAfterTheOther)).violation, null, `seed ${seed}`);
  }
});

/** Who was promoted by a coordinated failover dies, and starts again with its file. */
const promotedDies: Plan = {
  options: { ...sameEpoch.options, quorum: 2, disk: 'everysec', minReplicas: null },
  faults: [
    { type: 'failover', target: 'sentinel-1', isCoordinated: true, forMs: 0, thenMs: 6000 },
    { type: 'crash', target: 'master', silent: false, forMs: 1000, thenMs: 3000 },
  ],
};

test.serial(
  'a node that a coordinated failover has promoted starts again as a master',
  async (t) => {
    const seen = await soundDays(t, 6, promotedDies);
    t.true((seen.get('+promoted-slave') ?? 0) > 0);
  },
);

const masterDies: Fault = {
  type: 'crash',
  target: 'master',
  silent: false,
  forMs: 6000,
  thenMs: 5000,
};

/** The coordinator dies, or stands still, and then the master dies. */
const coordinatorDies = (fault: 'crash' | 'freeze'): Plan => {
  const how = { target: 'coordinator', forMs: 9000, thenMs: 10 };
  const first: Fault =
    fault === 'crash' ? { ...how, type: fault, silent: false } : { ...how, type: fault };
  return {
    options: { ...options, placement: 'threads', coordinator: true, deathIsKnown: true },
    faults: [masterDies, first, masterDies],
  };
};

for (const fault of ['crash', 'freeze'] as const) {
  test.serial(`elections go on through a coordinator’s ${fault}`, async (t) => {
    const seen = await soundDays(t, 4, coordinatorDies(fault));
    t.true((seen.get('+switch-master') ?? 0) > 0);
    t.true((seen.get('elections’ log') ?? 0) > 0);
  });
}
