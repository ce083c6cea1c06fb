/** The production core, for tests of parts of replication that need no node around it. */
import { Core, type CoreModule } from '../../src/core/core.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';

let module: CoreModule | undefined;

/** To be done before the first test. */
export async function compileCore(): Promise<void> {
  module ??= await Core.compile();
}

export class LoneCore extends Core {
  readonly keyspace = new Keyspace(this);

  constructor(backlogBytes: number) {
    super(module!, Core.createMemory(), {
      databases: 16,
      backlogBytes,
      maxmemoryBytes: 0,
      seed: 42,
    });
  }

  set(db: number, key: string, value: string): void {
    this.keyspace.db(db).setString(Buffer.from(key), Buffer.from(value));
  }

  contents(): string[] {
    return contentsOf(this.keyspace);
  }
}

/** All keys, as `db/key=value`, sorted. */
export function contentsOf(keyspace: Keyspace): string[] {
  const found = new Set<string>();
  for (let db = 0; db < keyspace.databases; db++) {
    const data = keyspace.db(db);
    let cursor = 0n;
    do {
      cursor = data.keys.scan(cursor, 1000, (key) => {
        found.add(`${db}/${String(key)}=${String(data.peekString(key))}`);
      });
    } while (cursor !== 0n);
  }
  return [...found].toSorted();
}
