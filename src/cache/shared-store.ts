/** The store of an attached thread: reads are function calls into the nodes' memory. */
import type { Client } from '../cluster/client/client.js';
import type { Millis } from '../base/time.js';
import {
  READ_FOUND,
  STAT_EVICTED_KEYS,
  STAT_EXPIRED_KEYS,
  USED_MEMORY,
} from '../core/assembly/layout.js';
import type { SharedReader } from '../keyspace/shared-reader.js';
import type { NodeStaleness, SharedNodes } from './shared-nodes.js';
import { type CacheStats, CacheStore } from './store.js';
import { Touches } from './touches.js';

export class SharedStore extends CacheStore {
  override readonly hasMemory = true;
  readonly #nodes: SharedNodes;
  readonly #touches: Touches | null;

  constructor(nodes: SharedNodes, client: Client, evicts: boolean, retryForMs?: Millis) {
    super(client, retryForMs);
    this.#nodes = nodes;
    this.#touches = evicts ? new Touches((keys) => this.request('TOUCH', ...keys)) : null;
    nodes.onClose(() => this.close());
  }

  override peek(key: string, wantsValue = true): SharedReader | null {
    return this.#nodes.read(key, wantsValue) === READ_FOUND ? this.#nodes.found : null;
  }

  override peekField(key: string, field: string): SharedReader | null {
    return this.#nodes.readField(key, field) === READ_FOUND ? this.#nodes.found : null;
  }

  override count(key: string, isHit: boolean): void {
    if (isHit) {
      if (this.#nodes.servedBy !== this.#nodes.currentMaster) this.counts.replicaReads += 1;
      this.#touches?.note(key);
    }
    super.count(key, isHit);
  }

  override staleness(): NodeStaleness[] {
    return this.#nodes.staleness();
  }

  override close(): void {
    this.#touches?.close();
    super.close();
    this.#nodes.close();
  }

  protected override masterCounts(): Pick<
    CacheStats,
    'evictedKeys' | 'expiredKeys' | 'usedMemoryBytes'
  > {
    const words = new BigInt64Array(this.#nodes.master().memory.buffer, 0, 0x2100 / 8);
    const counter = (at: number): number => Number(words[at / 8]);
    return {
      evictedKeys: counter(STAT_EVICTED_KEYS),
      expiredKeys: counter(STAT_EXPIRED_KEYS),
      usedMemoryBytes: counter(USED_MEMORY),
    };
  }
}
