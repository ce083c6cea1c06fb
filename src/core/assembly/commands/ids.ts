/**
 * Numbers of the core's commands: COMMAND_ID's values and the places of their counters. Valid
 * TypeScript and AssemblyScript, compiled by both sides. 0 means that the core does not know it.
 */
export const ID_GET = 1;
export const ID_SET = 2;
export const ID_DEL = 3;
export const ID_UNLINK = 4;
export const ID_EXISTS = 5;
export const ID_TYPE = 6;
export const ID_INCR = 7;
export const ID_DECR = 8;
export const ID_INCRBY = 9;
export const ID_DECRBY = 10;
export const ID_APPEND = 11;
export const ID_STRLEN = 12;
export const ID_MGET = 13;
export const ID_MSET = 14;
export const ID_EXPIRE = 15;
export const ID_PEXPIRE = 16;
export const ID_EXPIREAT = 17;
export const ID_PEXPIREAT = 18;
export const ID_TTL = 19;
export const ID_PTTL = 20;
export const ID_EXPIRETIME = 21;
export const ID_PEXPIRETIME = 22;
export const ID_PERSIST = 23;
export const ID_SETNX = 24;
export const ID_SETEX = 25;
export const ID_PSETEX = 26;
export const ID_GETSET = 27;
export const ID_GETDEL = 28;
export const ID_GETEX = 29;
/** Without arguments only; with one it is the host's. */
export const ID_PING = 30;
/** In a master's stream only (FLAG_APPLY): from clients it is the host's, whose state it changes. */
export const ID_SELECT = 31;
export const ID_MSETNX = 32;
export const ID_SETRANGE = 33;
export const ID_GETRANGE = 34;
export const ID_SUBSTR = 35;
export const ID_SETBIT = 36;
export const ID_GETBIT = 37;
export const ID_BITCOUNT = 38;
export const ID_BITPOS = 39;
export const ID_BITOP = 40;
