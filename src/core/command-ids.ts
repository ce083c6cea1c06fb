/**
 * The core's command table as the host sees it: by id, what each command is called and may do.
 * The core has its own copy (assembly/commands/table.ts); a test holds the two together.
 */
import * as ids from './assembly/commands/ids.js';

export interface CoreCommand {
  readonly id: number;
  /** Lower case, as Redis' error texts have it. */
  readonly name: string;
  /** Arguments, the name included; -N: at least N. */
  readonly arity: number;
  readonly isWrite: boolean;
  /** Refused when memory is over `maxmemory`. */
  readonly deniesOom: boolean;
}

const read = { isWrite: false, deniesOom: false };
const write = { isWrite: true, deniesOom: false };
const grow = { isWrite: true, deniesOom: true };

export const coreCommands: readonly CoreCommand[] = [
  { id: ids.ID_GET, name: 'get', arity: 2, ...read },
  { id: ids.ID_SET, name: 'set', arity: -3, ...grow },
  { id: ids.ID_DEL, name: 'del', arity: -2, ...write },
  { id: ids.ID_UNLINK, name: 'unlink', arity: -2, ...write },
  { id: ids.ID_EXISTS, name: 'exists', arity: -2, ...read },
  { id: ids.ID_TYPE, name: 'type', arity: 2, ...read },
  { id: ids.ID_INCR, name: 'incr', arity: 2, ...grow },
  { id: ids.ID_DECR, name: 'decr', arity: 2, ...grow },
  { id: ids.ID_INCRBY, name: 'incrby', arity: 3, ...grow },
  { id: ids.ID_DECRBY, name: 'decrby', arity: 3, ...grow },
  { id: ids.ID_APPEND, name: 'append', arity: 3, ...grow },
  { id: ids.ID_STRLEN, name: 'strlen', arity: 2, ...read },
  { id: ids.ID_MGET, name: 'mget', arity: -2, ...read },
  { id: ids.ID_MSET, name: 'mset', arity: -3, ...grow },
  { id: ids.ID_EXPIRE, name: 'expire', arity: -3, ...write },
  { id: ids.ID_PEXPIRE, name: 'pexpire', arity: -3, ...write },
  { id: ids.ID_EXPIREAT, name: 'expireat', arity: -3, ...write },
  { id: ids.ID_PEXPIREAT, name: 'pexpireat', arity: -3, ...write },
  { id: ids.ID_TTL, name: 'ttl', arity: 2, ...read },
  { id: ids.ID_PTTL, name: 'pttl', arity: 2, ...read },
  { id: ids.ID_EXPIRETIME, name: 'expiretime', arity: 2, ...read },
  { id: ids.ID_PEXPIRETIME, name: 'pexpiretime', arity: 2, ...read },
  { id: ids.ID_PERSIST, name: 'persist', arity: 2, ...write },
  { id: ids.ID_SETNX, name: 'setnx', arity: 3, ...grow },
  { id: ids.ID_SETEX, name: 'setex', arity: 4, ...grow },
  { id: ids.ID_PSETEX, name: 'psetex', arity: 4, ...grow },
  { id: ids.ID_GETSET, name: 'getset', arity: 3, ...grow },
  { id: ids.ID_GETDEL, name: 'getdel', arity: 2, ...write },
  { id: ids.ID_GETEX, name: 'getex', arity: -2, ...write },
  // Without arguments the core's; the host has PING with one.
  { id: ids.ID_PING, name: 'ping', arity: -1, ...read },
  // The core's in a master's stream only; the host has the clients'.
  { id: ids.ID_SELECT, name: 'select', arity: 2, ...read },
  { id: ids.ID_MSETNX, name: 'msetnx', arity: -3, ...grow },
  { id: ids.ID_SETRANGE, name: 'setrange', arity: 4, ...grow },
  { id: ids.ID_GETRANGE, name: 'getrange', arity: 4, ...read },
  { id: ids.ID_SUBSTR, name: 'substr', arity: 4, ...read },
  { id: ids.ID_SETBIT, name: 'setbit', arity: 4, ...grow },
  { id: ids.ID_GETBIT, name: 'getbit', arity: 3, ...read },
  { id: ids.ID_BITCOUNT, name: 'bitcount', arity: -2, ...read },
  { id: ids.ID_BITPOS, name: 'bitpos', arity: -3, ...read },
  { id: ids.ID_BITOP, name: 'bitop', arity: -4, ...grow },
];

const byId = new Map(coreCommands.map((command) => [command.id, command]));

/** @returns undefined for 0 and other numbers that name none of the core's commands. */
export function coreCommand(id: number): CoreCommand | undefined {
  return byId.get(id);
}
