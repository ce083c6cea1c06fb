/**
 * Runs transcripts: scripts of what happens to a small cluster, each part followed by what the
 * sentinels do about it.
 *
 * A part is some lines of directives, `----`, and the expected lines up to an empty one. The
 * cluster is the simulation's (src/sim) with every message taking 1 ms and none lost. Directives:
 *
 *   group [replicas=2] [sentinels=3] [quorum=2] [down-after=1000] [failover-timeout=6000]
 *         [parallel-syncs=1] [profile=redis|fast]     start, and wait until all know each other
 *   run MS                                   let time pass
 *   write [COUNT]                            so many keys, to node-0
 *   kill ID | crash ID | restart ID          die so that the runtime knows it | die unseen | return
 *   freeze ID MS                             stop for a while
 *   cut ID ID | heal                         lose what is sent between two | end all cuts
 *   node ID priority=N                       change a node
 *   hold | deliver [N] | release             keep questions and answers | let the first N go | end
 *   say ID WORD…                             a client's command
 *   question ID from=ID epoch=N              a question that asks for a vote
 */
import { assert } from '../../src/base/assert.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Prng } from '../../src/base/prng.js';
import { fastProfile, redisProfile } from '../../src/sentinel/profile.js';
import { connect } from '../../src/sim/connection.js';
import { Narrator } from '../../src/sim/narrator.js';
import type { Endpoint } from '../../src/sim/network.js';
import { GROUP } from '../../src/sim/options.js';
import { SimNode } from '../../src/sim/sim-node.js';
import { SimSentinel } from '../../src/sim/sim-sentinel.js';
import { type Actor, World } from '../../src/sim/world.js';

/** @returns the transcript with what really happened in the place of what was expected. */
export async function replay(script: string): Promise<string> {
  const stage = new Stage();
  const output: string[] = [];
  let expecting = false;
  for (const line of script.split('\n')) {
    if (expecting && line !== '') continue; // An expectation, replaced by what happened.
    expecting = line === '----';
    output.push(line);
    if (expecting) output.push(...stage.take());
    else if (line !== '' && !line.startsWith('#')) await stage.direct(line);
  }
  return output.join('\n');
}

class Stage {
  #world: World | null = null;
  #lines: string[] = [];
  #narrator: Narrator | null = null;

  take(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  async direct(line: string): Promise<void> {
    const [name = '', ...args] = line.split(' ');
    if (name === 'group') return this.#group(options(args));
    const world = this.#world;
    assert(world !== null, 'a transcript begins with a group');
    const { queue, network } = world;
    const [first = '', second = ''] = args;
    this.#narrator?.forget();
    switch (name) {
      case 'run':
        return world.run(queue.now + Number(first));
      case 'kill':
      case 'crash':
        world.deathIsKnown = name === 'kill';
        return world.crash(this.#actor(first));
      case 'restart':
        return world.restart(this.#actor(first));
      case 'freeze':
        this.#actor(first).frozenUntil = queue.now + Number(second);
        return;
      case 'cut':
        network.cut(first, second);
        return network.cut(second, first);
      case 'heal':
        return network.healAll();
      case 'write':
        return this.#write(Number(first || '1'));
      case 'node':
        return this.#change(first, options(args.slice(1)));
      case 'hold':
        network.held = [];
        return;
      case 'deliver': {
        const held = network.held ?? [];
        const count = first === '' ? held.length : Number(first);
        for (const release of held.splice(0, count)) release();
        return world.run(queue.now + 1);
      }
      case 'release':
        for (const release of network.held ?? []) release();
        network.held = null;
        return;
      case 'say':
        return this.#sentinel(first).receive({ type: 'command', clientId: 1, args: args.slice(1) });
      case 'question': {
        const { from = '', epoch } = options(args.slice(1));
        const runid = this.#sentinel(from).state!.myid;
        const { address } = this.#sentinel(first).master!;
        const question = { master: GROUP, address, epoch: Number(epoch), candidate: runid };
        return this.#sentinel(first).receive({ type: 'question', from: runid, question });
      }
      default:
        throw new Error(`transcript: unknown directive ${name}`);
    }
  }

  async #group(given: Record<string, string>): Promise<void> {
    const number = (name: string, fallback: number): number => Number(given[name] ?? fallback);
    const profile = given['profile'] === 'fast' ? fastProfile : redisProfile;
    const world = new World(
      {
        groups: 1,
        nodes: 1 + number('replicas', 2),
        sentinels: number('sentinels', 3),
        startsAcquainted: false,
        clients: 0,
        placement: 'threads',
        quorum: number('quorum', 2),
        downAfterMs: number('down-after', 1000),
        failoverTimeoutMs: number('failover-timeout', 6000),
        parallelSyncs: number('parallel-syncs', 1),
        profile,
        remoteProfile: profile,
        network: { delayMs: 0, slowMs: 0, loss: 0, duplication: 0 },
        deathIsKnown: false,
        coordinator: false,
        fencing: true,
        strict: false,
        disk: 'none',
        backlogBytes: 256 * 1024,
        minReplicas: null,
        directives: { 'repl-timeout': '10' },
      },
      new Prng(30),
    );
    world.start();
    await world.run(3000);
    const problem = world.disagreement();
    assert(problem === null, `transcript: the group did not come up: ${problem}`);
    this.#world = world;
    this.#narrator = new Narrator(world, (line) => this.#lines.push(line));
    world.observer = this.#narrator;
  }

  #change(id: string, changes: Record<string, string>): void {
    const node = this.#actor(id);
    assert(node instanceof SimNode, `${id} is not a node`);
    for (const [name, value] of Object.entries(changes)) {
      if (name !== 'priority') throw new Error(`transcript: unknown field ${name}`);
      node.actor!.services.config.replicaPriority.assign(Number(value));
    }
  }

  /** Keys of 100 bytes, written to node-0 by a client that comes and goes. */
  #write(count: number): Promise<void> {
    const { network, nodes, queue } = this.#world!;
    const [user, node] = [new Bystander(), nodes[0]!];
    const [near, far] = connect(network, user, node);
    node.accept(far, 'network');
    for (let index = 0; index < count; index++) {
      near.postMessage(encodeCommand(['SET', `key:${index}`, 'x'.repeat(100)]));
    }
    return this.#world!.run(queue.now + 1);
  }

  #actor(id: string): Actor {
    const { nodes, sentinels } = this.#world!;
    const found = [...nodes, ...sentinels].find((actor) => actor.id === id);
    assert(found !== undefined, `transcript: no ${id}`);
    return found;
  }

  #sentinel(id: string): SimSentinel {
    const actor = this.#actor(id);
    assert(actor instanceof SimSentinel, `${id} is not a sentinel`);
    return actor;
  }
}

/** Whoever has a client. */
class Bystander implements Endpoint {
  readonly id = 'user';
  alive = true;
  frozenUntil = 0;
  life = 0;
}

function options(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(args.map((arg) => arg.split('=', 2)));
}
