/** `SYNC`: become a replica, as before there were offsets. */
import type { CommandSpec } from '../spec.js';
import { synchronize } from './synchronize.js';

/**
 * `SYNC` — a snapshot on this connection, and then the stream; what `redis-cli --replica` asks for.
 */
export const sync = {
  name: 'sync',
  group: 'server',
  since: '1.0.0',
  summary: 'Follow the stream of writes, from a snapshot on',
  complexity: '',
  arity: 1,
  flags: ['no_async_loading', 'admin', 'no_multi', 'noscript'],
  acl: [],
  syntax: '',
  run: (context) => synchronize(context, null),
} as const satisfies CommandSpec;
