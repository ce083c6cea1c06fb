/**
 * One seed, one bad day: a cluster comes up, faults happen, they stop, and it has to recover.
 *
 * Safety is checked throughout (checks.ts). Liveness is asked for at the end only: while faults go
 * on, being unavailable is allowed.
 */
import { Prng } from '../../src/base/prng.js';
import type { Millis } from '../../src/base/time.js';
import { fastProfile, redisProfile } from '../../src/sentinel/profile.js';
import type { SentinelProfile } from '../../src/sentinel/profile.js';
import { Narrator } from './narrator.js';
import { World } from './world.js';
import type { WorldOptions } from './world.js';

export interface RunResult {
  readonly seed: number;
  /** Null when all went well. */
  readonly violation: string | null;
  readonly elections: number;
  readonly switches: number;
  /** From the end of the faults until all agreed. */
  readonly recoveredMs: Millis;
}

/** How much time everybody has to find each other before the faults begin. */
const START_MS = 3000;

/** Run the day of one seed. @param print - gets a line for everything of note. */
export function runSeed(seed: number, print: ((line: string) => void) | null = null): RunResult {
  const random = new Prng(seed);
  const options = chooseOptions(random);
  const world = new World(options, random);
  if (print !== null) world.observer = new Narrator(world, print);
  world.start();
  const { queue, checks } = world;
  const result = (violation: string | null, recoveredMs: Millis): RunResult => ({
    seed,
    violation,
    elections: checks.elections,
    switches: checks.switches,
    recoveredMs,
  });
  try {
    world.run(START_MS);
    const atStart = world.disagreement();
    if (atStart !== null) return result(`did not come up: ${atStart}`, 0);

    const faults = 1 + random.below(4);
    const period = options.downAfterMs * 3 + options.failoverTimeoutMs / 2;
    for (let fault = 0; fault < faults; fault++) {
      injectFault(world, random);
      world.run(queue.now + random.below(period));
    }
    return result(...recover(world));
  } catch (error) {
    return result(`${error instanceof Error ? error.message : String(error)} at ${queue.now}`, 0);
  }
}

/** The same rules with fewer periodic messages, for the sake of the run's time. */
const simulatedFast: SentinelProfile = {
  ...fastProfile,
  minPingPeriodMs: 200,
  helloPeriodMs: 1000,
  failoverInfoPeriodMs: 50,
};

/** Half of the days are those of threads in one process, half those of servers on a network. */
function chooseOptions(random: Prng): WorldOptions {
  const fast = random.chance(0.5);
  const sentinels = random.chance(0.85) ? 3 : 5;
  const lossy = random.chance(0.5);
  return {
    nodes: random.chance(0.7) ? 3 : 4,
    sentinels,
    quorum: random.chance(0.8) ? Math.floor(sentinels / 2) + 1 : 1,
    downAfterMs: fast ? 500 : 2000,
    failoverTimeoutMs: fast ? 2000 : 6000,
    parallelSyncs: 1 + random.below(2),
    profile: fast ? simulatedFast : redisProfile,
    network: {
      delayMs: fast ? 2 : 20,
      slowMs: fast ? 50 : 300,
      loss: lossy ? 0.02 : 0,
      duplication: lossy ? 0.02 : 0,
    },
    deathIsKnown: fast && random.chance(0.7),
  };
}

type Actor = World['nodes'][number] | World['sentinels'][number];

function injectFault(world: World, random: Prng): void {
  const { nodes, sentinels, network, queue, options } = world;
  const all: Actor[] = [...nodes, ...sentinels];
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!;
  const master = nodes.find((node) => node.follows === null && node.alive) ?? pick(nodes);
  const longMs = options.downAfterMs * 2 + random.below(options.failoverTimeoutMs);
  switch (random.below(7)) {
    case 0:
    case 1:
      return crashFor(world, master, longMs);
    case 2:
      return crashFor(world, pick(all), longMs);
    case 3: {
      const actor = random.chance(0.5) ? master : pick(all);
      actor.frozenUntil = queue.now + longMs;
      return world.note(actor.id, `freezes for ${longMs} ms`);
    }
    case 4: {
      // One sentinel alone, or with the master: a minority that must stay powerless.
      const lone = pick(sentinels);
      const island: readonly Actor[] = random.chance(0.5) ? [lone, master] : [lone];
      return isolate(world, island, longMs);
    }
    case 5:
      return isolate(
        world,
        all.filter(() => random.chance(0.5)),
        longMs,
      );
    default: {
      const [a, b] = [pick(all), pick(all)];
      network.cut(a.id, b.id);
      return world.note('network', `cuts ${a.id} from ${b.id}`);
    }
  }
}

function crashFor(world: World, actor: Actor, ms: Millis): void {
  world.crash(actor);
  world.queue.at(world.queue.now + ms, () => world.restart(actor));
}

function isolate(world: World, island: readonly Actor[], ms: Millis): void {
  const { network, queue } = world;
  world.note('network', `isolates ${island.map(({ id }) => id).join(' ')} for ${ms} ms`);
  for (const actor of [...world.nodes, ...world.sentinels]) {
    if (island.includes(actor)) continue;
    for (const inside of island) network.cut(inside.id, actor.id);
  }
  queue.at(queue.now + ms, () => {
    world.note('network', 'heals');
    network.heal();
  });
}

/** End all faults and wait for agreement. @returns what is still wrong, and how long it took. */
function recover(world: World): [violation: string | null, recoveredMs: Millis] {
  const { queue, network, options } = world;
  world.note('world', 'faults end');
  network.heal();
  network.options = { ...network.options, loss: 0, duplication: 0 };
  for (const actor of [...world.nodes, ...world.sentinels]) {
    world.restart(actor);
    actor.frozenUntil = Math.min(actor.frozenUntil, queue.now);
  }
  const begin = queue.now;
  const limit =
    begin +
    options.profile.tiltPeriodMs +
    8 * options.failoverTimeoutMs +
    10 * options.downAfterMs +
    40_000;
  let problem: string | null = null;
  while (queue.now < limit) {
    world.run(queue.now + 500);
    problem = world.disagreement();
    if (problem === null) return [null, queue.now - begin];
  }
  return [`no agreement: ${problem}`, limit - begin];
}
