/**
 * Sees to it that the sentinels watch the group while its master is one of its nodes, and leave it
 * alone while a server outside is followed: an outside master is not theirs to replace.
 *
 * Where they have made an outside server master themselves, by a failover, they watch that one on.
 */
import type { Group } from './agreement.js';
import { ask, Channel } from './client/channel.js';
import { monitorCommands } from './specs.js';

export class SentinelWatch {
  readonly #group: Group;
  /** Of each sentinel, what it is being told; one that stands still does not hold the others up. */
  readonly #telling = new Map<string, Promise<void>>();
  /**
   * Whether an outside master was ever followed: before, each sentinel starts with what it needs.
   */
  #hasFollowed: boolean;

  constructor(group: Group) {
    this.#group = group;
    this.#hasFollowed = group.topology.replicaOf !== null;
  }

  /** The master has changed: tell all. */
  onMaster(): void {
    this.#hasFollowed ||= this.#group.outside() !== null;
    for (const { kind, spec } of this.#group.records())
      if (kind === 'sentinel') this.check(spec.id);
  }

  /** A sentinel listens, for the first time or again. */
  check(id: string): void {
    if (!this.#hasFollowed) return;
    const before = this.#telling.get(id) ?? Promise.resolve();
    this.#telling.set(
      id,
      before.then(() => this.#tell(id)),
    );
  }

  async #tell(id: string): Promise<void> {
    const port = this.#group.isStopped() ? null : this.#group.connect(id);
    if (port === null) return; // It is asked again when it listens.
    const { topology } = this.#group;
    const channel = new Channel(port);
    const reply = await ask(channel, 'SENTINEL', 'MASTER', topology.name);
    const isWatching = reply !== null && reply.type !== 'error';
    const followed = this.#group.outside();
    if (followed === null && !isWatching) {
      const commands = monitorCommands(topology, this.#group.master().address);
      await Promise.all(commands.map((words) => ask(channel, ...words)));
    } else if (followed?.isWatched === false && isWatching) {
      await ask(channel, 'SENTINEL', 'REMOVE', topology.name);
    }
    channel.close();
  }
}
