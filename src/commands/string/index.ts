/** The commands of the group, in alphabetical order. */
import type { CommandSpec } from '../spec.js';
import { append } from './append.js';
import { decr } from './decr.js';
import { decrby } from './decrby.js';
import { get } from './get.js';
import { getdel } from './getdel.js';
import { getex } from './getex.js';
import { getset } from './getset.js';
import { incr } from './incr.js';
import { incrby } from './incrby.js';
import { mget } from './mget.js';
import { mset } from './mset.js';
import { psetex } from './psetex.js';
import { set } from './set.js';
import { setex } from './setex.js';
import { setnx } from './setnx.js';
import { strlen } from './strlen.js';

export const stringCommands: readonly CommandSpec[] = [
  append,
  decr,
  decrby,
  get,
  getdel,
  getex,
  getset,
  incr,
  incrby,
  mget,
  mset,
  psetex,
  set,
  setex,
  setnx,
  strlen,
];
