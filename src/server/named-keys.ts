/**
 * The keys that a write names, as they were before it ran and as they are after: for those who
 * WATCH keys, and for keyspace notifications. While there are neither, keys are not looked for.
 *
 * A command that changed something need not have changed all that it names: `DEL a b` where there
 * is no `b`. A key that was missing before and is missing after has not changed.
 */
import type { KeyspaceEvents } from './keyspace-events.js';
import type { Watches } from './watches.js';
import type { Keyspace } from '../keyspace/keyspace.js';
import { keysOf } from '../commands/key-search.js';
import type { CommandSpec } from '../commands/spec.js';

/** Those who want to know, and where to look. */
export interface KeyObservers {
  readonly watches: Watches;
  readonly events: KeyspaceEvents;
  readonly keyspace: Keyspace;
}

export interface NamedKeys {
  readonly db: number;
  readonly keys: readonly { readonly key: Buffer; readonly existed: boolean }[];
}

const NONE: NamedKeys = { db: 0, keys: [] };

/**
 * Look at the keys of a command that is about to run.
 *
 * @param isApplied - it comes from the master, to whom a key is there until a DEL of its own.
 */
export function namedKeys(
  { watches, events, keyspace }: KeyObservers,
  spec: CommandSpec,
  args: readonly Buffer[],
  db: number,
  isApplied = false,
): NamedKeys {
  if (!watches.active && !events.active) return NONE;
  if (!spec.flags.includes('write') || spec.tellsWatchers === true) return NONE;
  const changed = keysOf(spec, args, (flags) => !flags.includes('RO'));
  const keys = changed.filter((key) => events.active || watches.isWatched(db, key));
  const database = keyspace.db(db);
  const existed = (key: Buffer): boolean =>
    isApplied ? database.isStored(key) : database.isLive(key);
  return { db, keys: keys.map((key) => ({ key, existed: existed(key) })) };
}

/** The command has run, and has made so many changes: tell. */
export function tellNamed(
  { watches, events, keyspace }: KeyObservers,
  spec: CommandSpec,
  args: readonly Buffer[],
  { db, keys }: NamedKeys,
  changes: number,
): void {
  const database = keyspace.db(db);
  const told = new Set<string>();
  for (const [index, { key, existed: wasThere }] of keys.entries()) {
    const exists = database.isStored(key); // Perhaps with a time that is over: a SET made it so.
    // A key that is named again: whatever made it or deleted it has been told.
    const isAgain = keys.length > 1 && told.has(key.toString('latin1'));
    const existed = isAgain ? exists : wasThere;
    told.add(key.toString('latin1'));
    const change = { existed, exists, index, changes };
    const isLeft = spec.leaves?.(change) === true;
    if ((existed || exists) && !isLeft) watches.touch(db, key);
    if (!events.active) continue;
    for (const [eventClass, name] of spec.events?.(change, args) ?? []) {
      if (keys.length === 1) events.notify(eventClass, name, key, db);
      else events.notifyNext(eventClass, name, key, db);
    }
  }
}
