/** The commands of the group, in alphabetical order. */
import type { CommandSpec } from '../spec.js';
import { append } from './append.js';
import { decr } from './decr.js';
import { decrby } from './decrby.js';
import { get } from './get.js';
import { incr } from './incr.js';
import { incrby } from './incrby.js';
import { mget } from './mget.js';
import { mset } from './mset.js';
import { set } from './set.js';
import { strlen } from './strlen.js';

export const stringCommands: readonly CommandSpec[] = [
  append,
  decr,
  decrby,
  get,
  incr,
  incrby,
  mget,
  mset,
  set,
  strlen,
];
