/**
 * The clients of the matrix, each as its documentation begins: with its defaults, led by sentinels.
 *
 * Those that end in `*` are the same with what the drill's hints advise. All do the same work: they
 * set a key of their own and append a mark to a list, again and again, and go on after errors.
 */
import { Redis as Ioredis6 } from 'ioredis';
import { Redis as Ioredis5 } from 'ioredis5';
import { Redis as Iovalkey } from 'iovalkey';
import { createSentinel as nodeRedis6 } from 'redis';
import { createSentinel as nodeRedis5 } from 'redis5';

import { ioredis, nodeRedis } from './drivers.mjs';

const IOREDIS_TUNED = { socketTimeout: 500, sentinelCommandTimeout: 300 };

/** Name → client code for a drill. */
export const clients = new Map([
  ['ioredis 5', ioredis(Ioredis5)],
  ['ioredis 6', ioredis(Ioredis6)],
  ['node-redis 5', nodeRedis(nodeRedis5)],
  ['node-redis 6', nodeRedis(nodeRedis6)],
  ['iovalkey', ioredis(Iovalkey)],
  ['ioredis 6 *', ioredis(Ioredis6, IOREDIS_TUNED)],
]);

/** Options that a client has beyond its defaults, for the reader of the matrix. */
export const tuned = new Map([['ioredis 6 *', IOREDIS_TUNED]]);
