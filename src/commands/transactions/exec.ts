/** `EXEC`: run a transaction. */
import type { CommandSpec } from '../spec.js';

/**
 * `EXEC` — run what MULTI has queued, with nothing in between; nothing at all when a watched key
 * changed.
 */
export const exec = {
  name: 'exec',
  group: 'transactions',
  since: '1.2.0',
  summary: 'Run a transaction',
  complexity: 'Depends on commands in the transaction',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'skip_slowlog'],
  acl: ['transaction'],
  run: ({ transactions, client }) => transactions.exec(client),
} as const satisfies CommandSpec;
