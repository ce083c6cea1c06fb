/** `SELECT`: choose a database. */
import { reply } from '../../resp/reply.js';
import { databaseArg } from '../arguments.js';
import { core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SELECT index` — choose the database that the connection works on. */
export const select = {
  name: 'select',
  group: 'connection',
  since: '1.0.0',
  summary: 'Choose a database',
  complexity: 'O(1)',
  arity: 2,
  flags: ['loading', 'stale', 'fast'],
  acl: ['connection'],
  syntax: 'index:integer',
  shortcut: { when: 'followed', run: core('connection', 'select') },
  run({ client, keyspace }, [, index]) {
    client.db = databaseArg(index, keyspace.databases);
    return reply.ok;
  },
} as const satisfies CommandSpec;
