/** A node of simulated-nodes.ts, as tests drive it and look at it. */
import type { NodeActor } from '../../actors/node-actor.js';
import { assert } from '../../src/base/assert.js';
import type { Core } from '../../src/core/core.js';
import type { ReplicationEvent } from '../../src/replication/environment.js';
import type { Replicator } from '../../src/replication/replicator.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Connection } from '../../src/server/connection/connection.js';
import type { SimNode } from '../../src/sim/sim-node.js';
import type { World } from '../../src/sim/world.js';
import { contentsOf } from './lone-core.js';

/** What a client was sent: replies as they came. */
export interface Asked {
  replies: string;
  isClosed: boolean;
}

export class SimulatedNode {
  readonly sim: SimNode;
  readonly logs: string[] = [];
  readonly #world: World;
  readonly #events: { readonly type: string; readonly [fact: string]: unknown }[] = [];

  constructor(world: World, sim: SimNode) {
    this.#world = world;
    this.sim = sim;
  }

  get actor(): NodeActor {
    assert(this.sim.actor !== null, 'the node lives');
    return this.sim.actor;
  }

  get core(): Core {
    return this.actor.core;
  }

  get replicator(): Replicator {
    return this.actor.replicator;
  }

  // ── What is done to it ────────────────────────────────────────────────────────────────────────

  /** It starts, empty. */
  start(master: SimulatedNode | null): void {
    this.#world.join(this.sim, master === null ? null : master.sim.address);
  }

  /** Its thread ends; its memory stays. */
  kill(): void {
    this.#world.crash(this.sim);
  }

  /** Its loop stands still: it handles nothing, loses nothing. */
  freeze(): void {
    this.sim.frozenUntil = Infinity;
  }

  thaw(): void {
    this.#world.network.thaw(this.sim);
  }

  /** A client's command in database 0, handled now. */
  ask(...args: string[]): Asked {
    return this.pipeline(args);
  }

  /** Commands of one client, handled now. */
  pipeline(...commands: readonly (readonly string[])[]): Asked {
    return this.#send(0, commands, 'network');
  }

  /** @returns null, or why it was refused or has not been acknowledged. */
  write(db: number, ...args: string[]): string | null {
    const { replies, isClosed } = this.#send(db, [args], 'network');
    if (isClosed) return 'closed';
    return replies === '' ? 'held' : (/^-(.*)\r\n$/.exec(replies)?.[1] ?? null);
  }

  /** By a sentinel, that has the old master fenced; or by a user. */
  promote({ fence }: { readonly fence: boolean }): void {
    this.#send(0, [['REPLICAOF', 'NO', 'ONE']], fence ? 'sentinel' : 'network');
  }

  follow({ sim: { address } }: SimulatedNode): void {
    this.ask('REPLICAOF', address.host, String(address.port));
  }

  #send(
    db: number,
    commands: readonly (readonly string[])[],
    origin: 'network' | 'sentinel',
  ): Asked {
    assert(this.sim.frozenUntil <= this.#world.nowMs, 'a node that stands still executes nothing');
    const asked: Asked = { replies: '', isClosed: false };
    const end = (): void => {
      asked.isClosed = true;
    };
    const connection = new Connection(this.actor.services, {
      remoteAddress: '127.0.0.1:50000',
      localAddress: '127.0.0.1:0',
      bufferedBytes: 0,
      write: (bytes) => {
        asked.replies += Buffer.from(bytes).toString('latin1');
      },
      whenDrained: (task) => task(),
      pause() {},
      resume() {},
      end,
      destroy: end,
    });
    const { client } = connection;
    Object.assign(client, { origin, db });
    connection.receive(Buffer.concat(commands.map((args) => encodeCommand(args))));
    this.#world.network.onTurn(this.sim);
    const isDone = asked.replies !== '' && client.blocked === null && client.subscriptions === 0;
    if (isDone) connection.closed(); // A node looks at its clients at every beat.
    return asked;
  }

  // ── What is seen of it ────────────────────────────────────────────────────────────────────────

  /** Of INFO's section replication. */
  info(field: string): string | undefined {
    const found = this.replicator.info().find(([name]) => name === field);
    return found === undefined ? undefined : String(found[1]);
  }

  /** All keys, as `db/key=value`, sorted. */
  contents(): string[] {
    return contentsOf(this.actor.keyspace);
  }

  note(type: string, payload: unknown): void {
    this.#events.push({ type, ...Object(payload) });
  }

  /** What has happened of one kind. */
  seen(type: ReplicationEvent['type']): readonly { readonly [fact: string]: unknown }[] {
    return this.#events.filter((event) => event.type === type);
  }
}
