/**
 * The keys that a write names and that somebody WATCHes, as they were before it ran.
 *
 * A command that changed something need not have changed all that it names: `DEL a b` where there is
 * no `b`. A key that was missing before and is missing after has not changed.
 */
import type { NodeServices } from './context.js';
import { type CommandSpec, keysOf } from './spec.js';

export interface NamedKeys {
  readonly db: number;
  readonly keys: readonly { readonly key: Buffer; readonly existed: boolean }[];
}

const NONE: NamedKeys = { db: 0, keys: [] };

/** Look at the keys of a command that is about to run. */
export function namedKeys(
  { watches, keyspace }: NodeServices,
  spec: CommandSpec,
  args: readonly Buffer[],
  db: number,
): NamedKeys {
  const isAsked = watches.active && spec.flags.includes('write') && spec.tellsWatchers !== true;
  if (!isAsked) return NONE;
  const changed = keysOf(spec, args, (flags) => !flags.includes('RO'));
  const watched = changed.filter((key) => watches.isWatched(db, key));
  const database = keyspace.db(db);
  return { db, keys: watched.map((key) => ({ key, existed: database.isLive(key) })) };
}

/** Tell those who WATCH: the command has run, and has changed something. */
export function touchNamed({ watches, keyspace }: NodeServices, { db, keys }: NamedKeys): void {
  for (const { key, existed } of keys) {
    if (existed || keyspace.db(db).isLive(key)) watches.touch(db, key);
  }
}
