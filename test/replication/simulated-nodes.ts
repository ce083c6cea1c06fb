/**
 * Nodes of one process in the simulator's world, without sentinels: real actors over the production
 * core, on a virtual clock. Nothing happens unless a test lets time go on; a frame takes 1 ms.
 */
import type { ExecutionContext } from 'ava';
import { assert } from '../../src/base/assert.js';
import { Prng } from '../../src/base/prng.js';
import type { Millis } from '../../src/base/time.js';
import { networkProfile } from '../../src/sentinel/profile.js';
import type { WorldOptions } from '../../src/sim/options.js';
import type { Rules } from '../../src/sim/rules.js';
import type { World } from '../../src/sim/world.js';
import { SimulatedNode } from './simulated-node.js';

const OPTIONS: WorldOptions = {
  groups: 1,
  nodes: 5,
  sentinels: 0,
  startsAcquainted: false,
  clients: 0,
  placement: 'threads',
  quorum: 1,
  downAfterMs: 1000,
  failoverTimeoutMs: 1000,
  parallelSyncs: 1,
  profile: networkProfile,
  remoteProfile: networkProfile,
  network: { delayMs: 0, slowMs: 0, loss: 0, duplication: 0 },
  deathIsKnown: true,
  coordinator: false,
  fencing: true,
  strict: false,
  minReplicas: null,
  disk: 'none',
  backlogBytes: 1024 * 1024,
  directives: {},
};
/** In which all that is under way arrives, and no retry is due. */
const SETTLE_MS: Millis = 60;

export class SimulatedNodes {
  readonly world: World;
  /** Those that have joined. */
  readonly nodes: SimulatedNode[] = [];

  private constructor(world: World) {
    this.world = world;
    world.observer = {
      note() {},
      log: ({ index }, _level, text) => this.nodes[index]?.logs.push(text),
      effect() {},
      event: ({ index }, type, payload) => this.nodes[index]?.note(type, payload),
    };
  }

  /** A master and so many replicas of it, in sync. */
  static async start(
    replicas: number,
    options: Partial<WorldOptions> = {},
    rules?: Rules,
  ): Promise<SimulatedNodes> {
    // Not when this file is loaded: the core is compiled first, and tests are declared at once.
    const { World: Simulated } = await import('../../src/sim/world.js');
    // Redis' period: no PING comes between what a test looks at.
    const directives = { 'repl-ping-replica-period': '10', ...options.directives };
    const world = new Simulated({ ...OPTIONS, ...options, directives }, new Prng(1), rules);
    const all = new SimulatedNodes(world);
    const master = all.add(null);
    for (let index = 0; index < replicas; index++) all.add(master);
    await all.settle();
    return all;
  }

  /** The next node starts. */
  add(master: SimulatedNode | null): SimulatedNode {
    const node = new SimulatedNode(this.world, this.world.nodes[this.nodes.length]!);
    this.nodes.push(node);
    node.start(master);
    return node;
  }

  node(index: number): SimulatedNode {
    return this.nodes[index]!;
  }

  /** Let time pass. @throws Violation */
  async advance(ms: Millis): Promise<void> {
    await this.world.run(this.world.nowMs + ms);
    this.world.streams.sample(this.world.nodes);
  }

  settle(): Promise<void> {
    return this.advance(SETTLE_MS);
  }

  /** Let time pass ms by ms until it is so. */
  async until(isSo: () => boolean): Promise<void> {
    for (let ms = 0; !isSo(); ms++) {
      assert(ms < 500, 'it comes to be so');
      await this.world.run(this.world.nowMs + 1);
    }
  }

  /** Nothing gets from one to the other, both ways. */
  cut(a: SimulatedNode, b: SimulatedNode): void {
    this.world.network.cut(a.sim.id, b.sim.id);
    this.world.network.cut(b.sim.id, a.sim.id);
  }

  heal(): void {
    this.world.network.healAll();
  }
}

/** All hold the same data at the same offset of the same history. */
export function same(t: ExecutionContext, nodes: readonly SimulatedNode[]): void {
  const [first] = nodes;
  for (const node of nodes) {
    t.is(node.replicator.offset(), first!.replicator.offset());
    t.is(node.replicator.replid(), first!.replicator.replid());
    t.deepEqual(node.contents(), first!.contents());
  }
}
