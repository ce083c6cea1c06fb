/** Faults of a plan, brought about in a world, and ended. */
import { faultName } from './counted.js';
import { burst } from './fill.js';
import type { Fault, Target } from './fault.js';
import { GROUP } from './options.js';
import { SimNode } from './sim-node.js';
import { SimSentinel } from './sim-sentinel.js';
import type { Actor, World } from './world.js';

/** Begin a fault, and see to it that it ends. */
export function inject(world: World, fault: Fault): void {
  world.coverage.count(faultName(fault.type));
  switch (fault.type) {
    case 'crash':
      return crashFor(world, actorOf(world, fault.target), fault.forMs, fault.silent);
    case 'power-loss': {
      const actor = actorOf(world, fault.target);
      crashFor(world, actor, fault.forMs, true);
      if (actor instanceof SimNode && !actor.isInside) actor.disk.loseUnsynced();
      return;
    }
    case 'reuse': {
      const actor = actorOf(world, fault.target);
      if (!(actor instanceof SimNode)) return;
      world.crash(actor, true);
      return endAfter(world, fault, () => world.giveAway(actor));
    }
    case 'freeze': {
      const actor = actorOf(world, fault.target);
      actor.frozenUntil = world.queue.now + fault.forMs;
      return world.note(actor.id, `freezes for ${fault.forMs} ms`);
    }
    case 'isolate':
      return isolate(world, fault);
    case 'cut': {
      const [from, to] = [actorOf(world, fault.from), actorOf(world, fault.to)];
      world.note('network', `cuts ${from.id} → ${to.id} for ${fault.forMs} ms`);
      world.network.cut(from.id, to.id);
      return endAfter(world, fault, () => world.network.heal(from.id, to.id));
    }
    case 'clock': {
      const actor = actorOf(world, fault.target);
      world.note(actor.id, `has its clock set by ${fault.byMs} ms`);
      if (actor instanceof SimSentinel) actor.setClock(fault.byMs);
      else if (actor instanceof SimNode) actor.skewMs += fault.byMs;
      return;
    }
    case 'slow-disk': {
      const actor = actorOf(world, fault.target);
      if (!(actor instanceof SimSentinel)) return;
      world.note(actor.id, `has a disk that takes ${fault.delayMs} ms`);
      actor.diskMs = fault.delayMs;
      return endAfter(world, fault, () => {
        actor.diskMs = 0;
      });
    }
    case 'full-mailbox': {
      const [from, to] = [actorOf(world, fault.from), actorOf(world, fault.to)];
      world.note(to.id, `takes nothing more of ${from.id} for ${fault.forMs} ms`);
      world.network.setFull(from.id, to.id, true);
      return endAfter(world, fault, () => world.network.setFull(from.id, to.id, false));
    }
    case 'burst': {
      const actor = actorOf(world, fault.target);
      if (!(actor instanceof SimNode) || !actor.alive) return;
      world.note(actor.id, `is written ${fault.bytes} bytes`);
      return burst(world.network, actor, fault.bytes);
    }
    case 'failover': {
      const actor = actorOf(world, fault.target);
      if (!(actor instanceof SimSentinel)) return;
      const args = ['SENTINEL', 'FAILOVER', GROUP, ...(fault.isCoordinated ? ['COORDINATED'] : [])];
      world.note(actor.id, `is told ${args.join(' ')}`);
      const { network } = world;
      return network.whenRunning(actor, actor.life, () =>
        actor.receive({ type: 'command', clientId: 0, args }),
      );
    }
  }
}

export function isSyncing(world: World, target: Target): boolean {
  const actor = actorOf(world, target);
  return actor instanceof SimNode && actor.isSyncing;
}

function actorOf(world: World, target: Target): Actor {
  const { nodes, sentinels, coordinator } = world;
  if (target === 'master') {
    return servingMaster(world) ?? nodes.find(({ isMaster }) => isMaster) ?? nodes[0]!;
  }
  if (target === coordinator?.id) return coordinator;
  return [...nodes, ...sentinels].find(({ id }) => id === target) ?? nodes[0]!;
}

/** The master that does not stand still, if there is one. */
export function servingMaster({ nodes, queue }: World): SimNode | undefined {
  return nodes.find(({ isMaster, frozenUntil }) => isMaster && frozenUntil <= queue.now);
}

function endAfter(world: World, { forMs }: Fault, end: () => void): void {
  world.queue.at(world.queue.now + forMs, end);
}

function crashFor(world: World, actor: Actor, ms: number, silent: boolean): void {
  world.crash(actor, silent);
  world.queue.at(world.queue.now + ms, () => world.restart(actor));
}

function isolate(world: World, fault: Fault & { type: 'isolate' }): void {
  const { network } = world;
  const inside = new Set(fault.island.map((target) => actorOf(world, target).id));
  const clients = fault.sparesClients === true ? [] : world.clients;
  const others = [...world.nodes, ...world.sentinels, ...clients].filter(
    ({ id }) => !inside.has(id),
  );
  world.note(
    'network',
    `isolates ${[...inside].join(' ')} (${fault.direction}) for ${fault.forMs} ms`,
  );
  const cuts: [string, string][] = [];
  for (const { id } of others) {
    for (const own of inside) {
      if (fault.direction !== 'out') cuts.push([id, own]);
      if (fault.direction !== 'in') cuts.push([own, id]);
    }
  }
  for (const [from, to] of cuts) network.cut(from, to);
  endAfter(world, fault, () => {
    world.note('network', 'heals');
    for (const [from, to] of cuts) network.heal(from, to);
  });
}

/** All that was broken works again. */
export function endAll(world: World): void {
  const { network } = world;
  world.note('world', 'faults end');
  network.healAll();
  network.options = { ...network.options, loss: 0, duplication: 0 };
  const { coordinator } = world;
  const others = coordinator === null ? [] : [coordinator];
  for (const actor of [...world.nodes, ...world.sentinels, ...others]) {
    if (actor instanceof SimSentinel) actor.diskMs = 0;
    network.thaw(actor);
    world.restart(actor);
  }
}
