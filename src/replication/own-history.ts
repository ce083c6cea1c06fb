/**
 * The history that a node's data are in: its ids, where they stand in it, and the beginning of
 * another. What begins or continues a history is a change of role (replicator.ts) or a sync.
 */
import type { RingOwner } from '../backlog/ring-owner.js';
import type { ReplicationEnvironment } from './environment.js';
import type { OwnLineage } from './shared/lineage.js';
import { type DataHistory, type ReplicationIds, continueAs, newHistory } from './replication-id.js';

export class OwnHistory {
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #lineage: OwnLineage;
  #ids: ReplicationIds;

  constructor(env: ReplicationEnvironment, owner: RingOwner, lineage: OwnLineage) {
    this.#env = env;
    this.#owner = owner;
    this.#lineage = lineage;
    this.#ids = newHistory(env.newReplid());
    lineage.setIds(this.#ids);
  }

  get ids(): ReplicationIds {
    return this.#ids;
  }

  /** Begin one with the data there are: no replica can continue the one before. */
  begin(replid = this.#env.newReplid()): void {
    this.#set(newHistory(replid));
  }

  /** Go on under another id, known to those who know the one before. @returns false: it is ours. */
  continueAs(replid = this.#env.newReplid()): boolean {
    const ids = continueAs(this.#ids, replid, this.#env.core.head());
    if (ids === this.#ids) return false;
    this.#set(ids);
    return true;
  }

  /**
   * The data that the node begins with stood in a history: a replica goes on in it; a master
   * continues it under an id of its own.
   *
   * @see redis/redis 7.0.15 src/server.c, loadDataFromDisk()
   */
  resume({ replid, offset, streamDb }: DataHistory, isMaster: boolean): void {
    const { core } = this.#env;
    core.resetHistory(offset);
    core.setStreamDb(isMaster ? -1 : streamDb);
    const ids = newHistory(replid);
    this.#set(isMaster ? continueAs(ids, this.#ids.replid, offset) : ids);
  }

  /** Where the data stand now. */
  position(): DataHistory {
    const { core } = this.#env;
    const streamDb = Math.max(0, core.streamDb); // None: what is written next says which.
    const { replid, replid2, secondReplOffset } = this.#ids;
    const previous = { replid: replid2, before: secondReplOffset };
    const at = { replid, offset: core.head(), streamDb };
    return secondReplOffset < 0 ? at : { ...at, previous };
  }

  #set(ids: ReplicationIds): void {
    this.#ids = ids;
    this.#lineage.setIds(ids);
    this.#owner.nextHistory();
  }
}
