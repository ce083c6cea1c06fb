/**
 * Which events a write makes, by what it named and what became of it.
 *
 * Commands that work on another database or on keys in pairs (COPY, MOVE, RENAME, RESTORE) tell their
 * events themselves, through their context.
 *
 * @see redis/redis 7.0.15 src/t_string.c, src/db.c, src/expire.c, src/bitops.c: notifyKeyspaceEvent()
 */
import { wordArg } from '../commands/arguments.js';
import type { EventClass } from '../commands/node.js';

/** A key that a command named, before and after it ran. */
export interface KeyChange {
  readonly key: Buffer;
  readonly existed: boolean;
  readonly exists: boolean;
}

type Event = readonly [EventClass, name: string];

/** What happened to a key that the command may have changed. */
type Rule = (change: KeyChange, args: readonly Buffer[]) => readonly Event[];

const DELETED: readonly Event[] = [['g', 'del']];
const EXPIRING: readonly Event[] = [['g', 'expire']];

/** A value was stored: then the key is there. */
function stored(name: string): Rule {
  return ({ exists }) => (exists ? [['$', name]] : []);
}

const deleted: Rule = ({ existed, exists }) => (existed && !exists ? DELETED : []);

const expire: Rule = ({ existed, exists }) => {
  if (!existed) return [];
  return exists ? EXPIRING : DELETED;
};

const EXPIRY_OPTIONS = new Set(['ex', 'px', 'exat', 'pxat']);

const set: Rule = ({ exists }, args) => {
  if (!exists) return [];
  const expires = args.slice(3).some((arg) => EXPIRY_OPTIONS.has(wordArg(arg)));
  return expires ? [['$', 'set'], ...EXPIRING] : [['$', 'set']];
};

const setex: Rule = ({ exists }) => (exists ? [['$', 'set'], ...EXPIRING] : []);

const getex: Rule = (change, args) => {
  if (!change.existed || !change.exists) return deleted(change, args);
  return wordArg(args[2]) === 'persist' ? [['g', 'persist']] : EXPIRING;
};

const bitop: Rule = (change, args) => (change.exists ? [['$', 'set']] : deleted(change, args));

const RULES = new Map<string, Rule>([
  ['append', stored('append')],
  ['bitfield', stored('setbit')],
  ['bitop', bitop],
  ['decr', stored('incrby')],
  ['decrby', stored('incrby')],
  ['del', deleted],
  ['expire', expire],
  ['expireat', expire],
  ['getdel', deleted],
  ['getex', getex],
  ['getset', stored('set')],
  ['incr', stored('incrby')],
  ['incrby', stored('incrby')],
  ['incrbyfloat', stored('incrbyfloat')],
  ['mset', stored('set')],
  ['msetnx', stored('set')],
  ['persist', ({ existed, exists }) => (existed && exists ? [['g', 'persist']] : [])],
  ['pexpire', expire],
  ['pexpireat', expire],
  ['psetex', setex],
  ['set', set],
  ['setbit', stored('setbit')],
  ['setex', setex],
  ['setnx', stored('set')],
  ['setrange', stored('setrange')],
  ['unlink', deleted],
]);

/**
 * @param command - one that has changed something.
 * @param args - the command's.
 * @returns the events of one of the keys it named, in order.
 */
export function commandEvents(
  command: string,
  change: KeyChange,
  args: readonly Buffer[],
): readonly Event[] {
  return RULES.get(command)?.(change, args) ?? [];
}
