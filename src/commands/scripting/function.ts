/** `FUNCTION`: libraries of functions. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { functionDelete } from './function-delete.js';
import { functionDump } from './function-dump.js';
import { functionFlush } from './function-flush.js';
import { functionKill } from './function-kill.js';
import { functionList } from './function-list.js';
import { functionLoad } from './function-load.js';
import { functionRestore } from './function-restore.js';
import { functionStats } from './function-stats.js';

const subcommands = [
  functionDelete,
  functionDump,
  functionFlush,
  functionKill,
  functionList,
  functionLoad,
  functionRestore,
  functionStats,
] as const satisfies readonly CommandSpec[];

/** `FUNCTION …` — libraries of functions. */
export const functions = {
  name: 'function',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Libraries of functions',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [
    ...subcommands,
    helpFor('function', 'scripting', subcommands, { since: '7.0.0', acl: ['scripting'] }),
  ],
} as const satisfies CommandSpec;
