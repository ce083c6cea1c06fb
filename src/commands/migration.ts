/** What MIGRATE needs of its node: src/server/migrate has it. */
import type { Reply } from '../resp/reply.js';
import type { CommandClient } from './node/clients.js';

/** A key on its way to another server. */
export interface MigratedKey {
  readonly key: Buffer;
  /** As DUMP gives it. */
  readonly payload: Buffer;
  /** Null: it does not expire. */
  readonly expireAtMs: number | null;
}

/** What MIGRATE asks for. */
export interface Migration {
  readonly host: string;
  /** As the client wrote it. */
  readonly port: string;
  readonly targetDb: number;
  /** Of each step: a piece that is taken, an answer that comes. */
  readonly timeoutMs: number;
  readonly keys: readonly MigratedKey[];
  /** Keys that the target has taken go. */
  readonly deletes: boolean;
  /** The target gives up keys of these names. */
  readonly replaces: boolean;
  /** AUTH's arguments; none: it is not asked for. */
  readonly login: readonly Buffer[];
}

export interface Migrations {
  /** @returns what to answer; it is never rejected. */
  send(client: CommandClient, migration: Migration): Promise<Reply>;
  /** How many are kept open to other servers. */
  readonly connections: number;
}
