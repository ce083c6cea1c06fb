/**
 * Runs transcripts: scripts of what happens to a small cluster, each part followed by what the
 * sentinels do about it.
 *
 * A part is some lines of directives, `----`, and the expected lines up to an empty one. The
 * cluster is the simulation's (test/sim) with every message taking 1 ms and none lost. Directives:
 *
 *   group [replicas=2] [sentinels=3] [quorum=2] [down-after=1000] [failover-timeout=6000]
 *         [parallel-syncs=1] [profile=redis|fast]     start, and wait until all know each other
 *   run MS                                   let time pass
 *   kill ID | crash ID | restart ID          die so that the runtime knows it | die unseen | return
 *   freeze ID MS                             stop for a while
 *   cut ID ID | heal                         lose what is sent between two | end all cuts
 *   node ID [offset=N] [priority=N] [unlinked-seconds=N]   change a node
 *   hold | deliver [N] | release             keep questions and answers | let the first N go | end
 *   say ID WORD…                             a client's command
 *   question ID from=ID epoch=N              a question that asks for a vote
 */
import { assert } from '../../src/base/assert.js';
import { Prng } from '../../src/base/prng.js';
import { fastProfile, redisProfile } from '../../src/sentinel/profile.js';
import { GROUP } from '../sim/checks.js';
import { FakeNode } from '../sim/fake-node.js';
import { Narrator } from '../sim/narrator.js';
import { SentinelHost } from '../sim/sentinel-host.js';
import { World } from '../sim/world.js';

/** @returns the transcript with what really happened in the place of what was expected. */
export function replay(script: string): string {
  const stage = new Stage();
  const output: string[] = [];
  let expecting = false;
  for (const line of script.split('\n')) {
    if (expecting && line !== '') continue; // An expectation, replaced by what happened.
    expecting = line === '----';
    output.push(line);
    if (expecting) output.push(...stage.take());
    else if (line !== '' && !line.startsWith('#')) stage.direct(line);
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

  direct(line: string): void {
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
        return network.cut(first, second);
      case 'heal':
        return network.heal();
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
        const { address } = this.#sentinel(first).state!.masters.get(GROUP)!;
        const question = { master: GROUP, address, epoch: Number(epoch), candidate: runid };
        return this.#sentinel(first).receive({ type: 'question', from: runid, question });
      }
      default:
        throw new Error(`transcript: unknown directive ${name}`);
    }
  }

  #group(given: Record<string, string>): void {
    const number = (name: string, fallback: number): number => Number(given[name] ?? fallback);
    const world = new World(
      {
        nodes: 1 + number('replicas', 2),
        sentinels: number('sentinels', 3),
        quorum: number('quorum', 2),
        downAfterMs: number('down-after', 1000),
        failoverTimeoutMs: number('failover-timeout', 6000),
        parallelSyncs: number('parallel-syncs', 1),
        profile: given['profile'] === 'fast' ? fastProfile : redisProfile,
        network: { delayMs: 0, slowMs: 0, loss: 0, duplication: 0 },
        deathIsKnown: false,
      },
      new Prng(1),
    );
    world.start();
    world.run(3000);
    assert(world.disagreement() === null, 'transcript: the group did not come up');
    this.#world = world;
    this.#narrator = new Narrator(world, (line) => this.#lines.push(line));
    world.observer = this.#narrator;
  }

  #change(id: string, changes: Record<string, string>): void {
    const node = this.#actor(id);
    assert(node instanceof FakeNode, `${id} is not a node`);
    for (const [name, value] of Object.entries(changes)) {
      const number = Number(value);
      if (name === 'offset') node.offset = number;
      else if (name === 'priority') node.priority = number;
      else if (name === 'unlinked-seconds') {
        node.unlinkedSince = this.#world!.queue.now - 1000 * number;
      } else throw new Error(`transcript: unknown field ${name}`);
    }
  }

  #actor(id: string): FakeNode | SentinelHost {
    const { nodes, sentinels } = this.#world!;
    const found = [...nodes, ...sentinels].find((actor) => actor.id === id);
    assert(found !== undefined, `transcript: no ${id}`);
    return found;
  }

  #sentinel(id: string): SentinelHost {
    const actor = this.#actor(id);
    assert(actor instanceof SentinelHost, `${id} is not a sentinel`);
    return actor;
  }
}

function options(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(args.map((arg) => arg.split('=', 2)));
}
