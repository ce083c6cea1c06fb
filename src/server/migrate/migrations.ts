/**
 * MIGRATE: writes stand still, another server is sent the keys, and those that it has taken go.
 *
 * Rule: a key is deleted only once the target has answered that it has it, and only by a node that
 * may still write. Whatever goes wrong, a key is here, or there, or in both places.
 *
 * @see redis/redis 7.0.15 src/cluster.c, migrateCommand()
 */
import type { Migration, Migrations } from '../../commands/migration.js';
import { roomFor } from '../../resp/encode-command.js';
import { type Reply, reply } from '../../resp/reply.js';
import type { Client } from '../client.js';
import type { Execution } from '../dispatch.js';
import type { BatchFlow } from '../flow.js';
import { type DialTarget, Targets } from './target.js';
import { Transfer, type TransferResult } from './transfer.js';

/** How often it is asked whether a script that runs too long is over. */
const SCRIPT_POLL_MS = 10;

type MigratingNode = Execution & { readonly flow: BatchFlow };

export class KeyMigrations implements Migrations {
  readonly #node: () => MigratingNode;
  readonly #targets: Targets;
  /** Under way: those of clients one after the other, for they are writes; of a master's, more. */
  #active = 0;

  /** @param node - asked for when there is something to migrate: it needs this itself. */
  constructor(node: () => MigratingNode, dial: DialTarget) {
    this.#node = node;
    this.#targets = new Targets(dial, () => node().clock);
  }

  get connections(): number {
    return this.#targets.size;
  }

  async send(client: Client, migration: Migration): Promise<Reply> {
    const { pause } = this.#node();
    this.#active++;
    pause.start('write', Infinity, 'migrate');
    try {
      const first = await this.#attempt(migration);
      const last = first.lost?.mayRetry === true ? await this.#attempt(migration) : first;
      const areGone = !migration.deletes || (await this.#deleteTaken(client, last.taken));
      return areGone ? answer(last) : reply.error(LOST.reading);
    } finally {
      this.#active--;
      if (this.#active === 0) pause.end('migrate');
    }
  }

  #attempt(migration: Migration): Promise<TransferResult> {
    const target = this.#targets.get(migration.host, migration.port);
    return new Promise((resolve) => {
      const settle = (result: TransferResult): void => {
        if (result.lost !== null) this.#targets.close(target);
        resolve(result);
      };
      new Transfer(target, migration, this.#node().clock, settle).begin();
    });
  }

  /** @returns false: this node may not write any more, and keeps them. */
  async #deleteTaken(client: Client, keys: readonly Buffer[]): Promise<boolean> {
    const node = this.#node();
    while (node.scripting.isBusy) {
      await new Promise<void>((resolve) => void node.clock.later(SCRIPT_POLL_MS, resolve));
    }
    const { core, flow, events, watches, replication } = node;
    if (keys.length === 0) return true;
    if (replication.canWrite() !== null) return false;
    core.setNow(Math.floor(node.clock.wallMicros() / 1000));
    const database = node.keyspace.db(client.db);
    const deleted: Buffer[] = [];
    for (const key of keys) {
      if (!database.delete(key)) continue;
      deleted.push(key);
      watches.touch(client.db, key);
      events.notify('g', 'del', key, client.db);
    }
    const effect = ['DEL', ...deleted];
    flow.makeRoom(roomFor(effect));
    core.addDirty(deleted.length);
    if (deleted.length > 0 && replication.appends()) core.append(client.db, effect);
    events.drain();
    node.blocked.serve();
    if (!core.publish()) {
      flow.onFenced();
      return false;
    }
    client.writeOffset = replication.offset();
    flow.onBatchEnd();
    return true;
  }
}

function answer({ refusal, lost }: TransferResult): Reply {
  if (refusal !== null) {
    return reply.error(`ERR Target instance replied with error: ${refusal}`);
  }
  return lost === null ? reply.ok : reply.error(LOST[lost.step]);
}

const LOST = {
  connecting: 'IOERR error or timeout connecting to the client',
  writing: 'IOERR error or timeout writing to target instance',
  reading: 'IOERR error or timeout reading to target instance',
} as const;
