/**
 * The storm on real threads: sentinels watch many masters, each with a replica, all of one process,
 * and half of the masters fall silent at once. How long until every sentinel names a successor?
 *
 * The simulator has the same on a virtual clock, beside the rules of Redis and with hundreds of
 * masters (docs/simulator.md); here a processor does the work. The masters' threads are stopped
 * where they stand: a thread that ended would be started again, as no sentinel of its own cluster
 * sees to it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../src/index.js';
import { type BenchOptions, type Figure, type Section, scaled, section } from './section.js';
import { SentinelEar } from './sentinel-ear.js';

const SENTINELS = 5;
const MASTERS = 40;
/** Of all links and threads, on few cores. */
const READY_MS = 120_000;
const WATCHED_MS = 60_000;
const POLL_MS = 100;
const DOWN_AFTER_MS = 2000;

export async function storm(options: BenchOptions): Promise<Section> {
  const masters = Math.max(2, scaled(MASTERS, options));
  const title = `Storm: ${SENTINELS} sentinels over ${masters} masters, half of which fall silent`;
  const groups: Cluster[] = [];
  const ears: SentinelEar[] = [];
  const timing = { readyTimeoutMs: READY_MS, heartbeatTimeoutMs: READY_MS };
  try {
    for (let i = 0; i < masters; i += 1) {
      options.progress(`${i} of ${masters} masters are up`);
      groups.push(await Cluster.start({ replicas: 1, sentinels: 0, ...timing }));
    }
    const watch = Object.fromEntries(groups.map(({ url }, i) => [nameOf(i), url]));
    options.progress('the sentinels come up');
    await using watching = await Cluster.start({
      replicas: 0,
      sentinels: SENTINELS,
      downAfterMs: DOWN_AFTER_MS,
      watch,
      ...timing,
    });
    for (const { host, port } of watching.sentinels()) ears.push(new SentinelEar(host, port));
    await until(() => Promise.all(ears.map((ear) => ear.knowsAll(masters, SENTINELS - 1))));
    const dead = groups.slice(0, Math.floor(masters / 2));
    const begin = performance.now();
    await Promise.all(dead.map((group) => group.pause(group.masterId)));
    const isOver = (): boolean => dead.every((_, i) => agreedAt(ears, nameOf(i)) !== null);
    while (!isOver() && performance.now() - begin < WATCHED_MS) await sleep(POLL_MS);
    const times = dead
      .map((_, i) => agreedAt(ears, nameOf(i)))
      .filter((at) => at !== null)
      .map((at) => at - begin);
    return section(title, { figures: figuresOf(dead.length, times), notes: [NOTE] });
  } finally {
    for (const ear of ears) ear.close();
    await Promise.all(groups.map((group) => group.stop()));
  }
}

const NOTE =
  `From the silence to the last sentinel's +switch-master, down-after (${DOWN_AFTER_MS} ms) ` +
  'included. Percentiles of those that were replaced.';

const nameOf = (index: number): string => `group-${index}`;

/** When the last of the sentinels named a successor; null: not all have. */
function agreedAt(ears: readonly SentinelEar[], name: string): number | null {
  const times = ears.map((ear) => ear.switchedAt(name));
  return times.includes(null) ? null : Math.max(...times.map(Number));
}

/** @throws Error: it does not come about in time. */
async function until(look: () => Promise<readonly boolean[]>): Promise<void> {
  const giveUpAt = performance.now() + READY_MS;
  while (!(await look()).every(Boolean)) {
    if (performance.now() > giveUpAt) {
      throw new Error(`the sentinels do not know all after ${READY_MS} ms`);
    }
    await sleep(POLL_MS);
  }
}

function figuresOf(died: number, times: readonly number[]): Figure[] {
  const sorted = times.toSorted((a, b) => a - b);
  const shares = { min: 0, p50: 0.5, p90: 0.9, max: 1 };
  return [
    { name: `replaced, of ${died}`, value: sorted.length, unit: '' },
    ...Object.entries(shares).flatMap(([name, share]) => {
      const at = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
      return at === undefined ? [] : [{ name, value: at / 1000, unit: 's' }];
    }),
  ];
}
