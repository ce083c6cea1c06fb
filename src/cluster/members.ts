/**
 * The cluster's actors as its users see them: where each listens, how it is, what a node says of
 * itself.
 */
import type { Address } from '../base/address.js';
import type { SharedMemory } from '../base/shared-memory.js';
import type { ActorRecord, ActorSpec } from '../runtime/actor-record.js';
import type { ActorSystem } from '../runtime/actor-system.js';
import { replicationOffset } from './client/offset.js';

export interface NodeInfo extends Address {
  readonly id: string;
  /** What the node itself last said. */
  readonly role: 'master' | 'replica';
  /** Replication offset: bytes published (master) or applied (replica). */
  readonly offset: number;
  readonly state: 'starting' | 'up' | 'frozen' | 'unresponsive' | 'down' | 'gone';
}

export type SentinelInfo = Omit<NodeInfo, 'role' | 'offset'>;

export class Members {
  readonly #system: ActorSystem;
  readonly #roles = new Map<string, NodeInfo['role']>();
  /** Why a node's link to its master is down, by its id; none: it is up, or was not tried. */
  readonly #linkFailures = new Map<string, string>();

  constructor(system: ActorSystem) {
    this.#system = system;
  }

  /** In the order of their ports. */
  nodes(): NodeInfo[] {
    return this.records('node').map((record) => ({
      ...this.#describe(record),
      role: this.#roles.get(record.spec.id) ?? roleAtStart(record.spec),
      offset: record.memory === null ? 0 : replicationOffset(record.memory),
    }));
  }

  sentinels(): SentinelInfo[] {
    return this.records('sentinel').map((record) => this.#describe(record));
  }

  records(kind: ActorSpec['kind']): Readonly<ActorRecord>[] {
    const records = this.#system.records().filter((record) => record.kind === kind);
    return records.toSorted((a, b) => numberOf(a.spec.id) - numberOf(b.spec.id));
  }

  /** The node of that id, if it says that it is master. */
  master(id: string): NodeInfo | undefined {
    return this.nodes().find((node) => node.id === id && node.role === 'master');
  }

  addresses(kind: ActorSpec['kind']): Address[] {
    return this.records(kind).map(({ address }) => ({ ...address }));
  }

  /** The nodes' memories, in the order of their ports. */
  memories(): { id: string; memory: SharedMemory }[] {
    return this.records('node').flatMap(({ spec, memory }) =>
      memory === null ? [] : [{ id: spec.id, memory }],
    );
  }

  /** A node has told its role. */
  setRole(id: string, role: NodeInfo['role']): void {
    this.#roles.set(id, role);
  }

  /** @param why - null: its link is up. */
  setLinkFailure(id: string, why: string | null): void {
    if (why === null) this.#linkFailures.delete(id);
    else this.#linkFailures.set(id, why);
  }

  linkFailure(id: string): string | null {
    return this.#linkFailures.get(id) ?? null;
  }

  #describe({ spec, address, state }: Readonly<ActorRecord>): SentinelInfo {
    const isFrozen = this.#system.isFrozen(spec.id);
    return { id: spec.id, ...address, state: isFrozen ? 'frozen' : state };
  }
}

/** `node-12`: 12. The one with the newest data is started first, and so is the first record. */
const numberOf = (id: string): number => Number(id.slice(id.indexOf('-') + 1));

const roleAtStart = ({ config }: ActorSpec): NodeInfo['role'] =>
  'replicaOf' in config ? 'replica' : 'master';
