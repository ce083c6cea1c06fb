/** The production core, as the virtual cluster's nodes have one. */
import { Core, type CoreModule } from '../../src/core/core.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import type { NodeCore } from './virtual-cluster.js';

const module: CoreModule = await Core.compile();

export class RealCore extends Core implements NodeCore {
  readonly keyspace = new Keyspace(this);

  contents(): string[] {
    const found: string[] = [];
    for (let db = 0; db < this.databases; db++) {
      const keys = this.keyspace.db(db);
      let cursor = 0n;
      do {
        cursor = keys.keys.scan(cursor, 100, (key) => {
          found.push(`${db}/${String(key)}=${String(keys.peekString(key))}`);
        });
      } while (cursor !== 0n);
    }
    return [...new Set(found)].toSorted();
  }

  isEmpty(): boolean {
    return this.keyspace.totalKeys() === 0;
  }

  flushAll(): void {
    this.keyspace.flushAll();
  }
}

export const makeRealCore = (): RealCore =>
  new RealCore(module, Core.createMemory(), {
    databases: 16,
    backlogBytes: 1024 * 1024,
    maxmemoryBytes: 0,
    seed: 42,
  });
