/**
 * Three nodes, random writes and changes of role: always the same data at the same offset in the
 * end, and nothing acknowledged ever lost. Sentinels decide on the simulator's own days (test/sim).
 */
import * as fc from 'fast-check';
import ava from 'ava';
import type { SimulatedNode } from './simulated-node.js';
import { same, SimulatedNodes } from './simulated-nodes.js';

const test = ava.serial;

type Step =
  | { readonly do: 'write'; readonly count: number; readonly length: number }
  | { readonly do: 'time'; readonly ms: number }
  | { readonly do: 'freeze' | 'kill' | 'handover' | 'resync'; readonly who: number }
  /** The master, and its successor right after it, which the third has been told of or not. */
  | { readonly do: 'both'; readonly fates: readonly Fate[]; readonly isTold: boolean };

type Fate = 'freeze' | 'kill';

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('write' as const),
        count: fc.integer({ min: 1, max: 60 }),
        length: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 30_000 })),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('time' as const), ms: fc.nat(3000) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('freeze', 'kill', 'handover', 'resync'),
        who: fc.nat(1),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('both' as const),
        fates: fc.array(fc.constantFrom('freeze', 'kill'), { minLength: 2, maxLength: 2 }),
        isTold: fc.boolean(),
      }),
    },
  ),
  { maxLength: 25 },
);

class Day {
  readonly #cluster: SimulatedNodes;
  readonly #acknowledged = new Map<string, string>();
  #master: SimulatedNode;
  #written = 0;

  constructor(cluster: SimulatedNodes) {
    this.#cluster = cluster;
    this.#master = cluster.node(0);
  }

  /** What must be there in the end. */
  expected(): string[] {
    return [...this.#acknowledged].map(([key, value]) => `${key}=${value}`).toSorted();
  }

  async live(step: Step): Promise<void> {
    const cluster = this.#cluster;
    if (step.do === 'write') return this.#write(step.count, step.length);
    if (step.do === 'time') return cluster.advance(step.ms);
    const before = this.#master;
    const others = cluster.nodes.filter((node) => node !== before);
    if (step.do === 'both') return this.#loseBoth(step.fates, step.isTold, others);
    const next = others[step.who]!;
    if (step.do === 'resync') {
      next.kill();
      next.start(before);
      return;
    }
    await cluster.advance(1500); // A replica that is not in sync yet would not be chosen.
    if (step.do !== 'handover') await this.#write(5, 50);
    if (step.do === 'kill') before.kill();
    if (step.do === 'freeze') before.freeze();
    next.promote({ fence: true });
    for (const node of others) if (node !== next) node.follow(next);
    this.#master = next;
    if (step.do === 'kill') before.start(next);
    if (step.do === 'freeze') await cluster.advance(300);
    before.thaw();
    if (step.do !== 'kill') await cluster.advance(100);
  }

  async #loseBoth(
    fates: readonly Fate[],
    isTold: boolean,
    [next, last]: readonly SimulatedNode[],
  ): Promise<void> {
    const cluster = this.#cluster;
    const before = this.#master;
    await cluster.advance(1500);
    await this.#write(5, 50);
    strike(before, fates[0]!);
    next!.promote({ fence: true });
    this.#master = next!;
    await this.#write(5, 50);
    if (isTold) last!.follow(next!);
    strike(next!, fates[1]!);
    await cluster.advance(1100); // A heart that has stopped is silent by then.
    last!.promote({ fence: true });
    this.#master = last!;
    await this.#write(5, 50);
    for (const node of [before, next!]) {
      if (node.sim.alive) node.thaw();
      else node.start(last!);
    }
    await cluster.advance(300);
    for (const node of [before, next!]) node.follow(last!);
  }

  async #write(count: number, length: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const [key, db] = [`key:${this.#written % 97}`, `${this.#written % 3}`];
      const value = `${this.#written}:`.padEnd(length, 'x');
      this.#written += 1;
      const asked = this.#master.pipeline(['SELECT', db], ['SET', key, value]);
      if (asked.replies === '') await this.#cluster.settle(); // A replica has to catch up first.
      if (asked.replies === '+OK\r\n+OK\r\n') this.#acknowledged.set(`${db}/${key}`, value);
    }
  }
}

function strike(node: SimulatedNode, fate: Fate): void {
  if (fate === 'kill') node.kill();
  else node.freeze();
}

test('random days end with the same data everywhere, and every acknowledged write in it', async (t) => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const cluster = await SimulatedNodes.start(2);
      const day = new Day(cluster);
      for (const step of plan) await day.live(step);
      await cluster.advance(4000);
      same(t, cluster.nodes);
      t.deepEqual(cluster.node(0).contents(), day.expected());
    }),
    { numRuns: 25 },
  );
});
