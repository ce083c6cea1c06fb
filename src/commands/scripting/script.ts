/** `SCRIPT`: the scripts that EVAL knows. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { scriptDebug } from './script-debug.js';
import { scriptExists } from './script-exists.js';
import { scriptFlush } from './script-flush.js';
import { scriptKill } from './script-kill.js';
import { scriptLoad } from './script-load.js';

const subcommands = [
  scriptDebug,
  scriptExists,
  scriptFlush,
  scriptKill,
  scriptLoad,
] as const satisfies readonly CommandSpec[];

/** `SCRIPT …` — the scripts that EVAL knows. */
export const script = {
  name: 'script',
  group: 'scripting',
  since: '2.6.0',
  summary: 'The scripts that EVAL knows',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [
    ...subcommands,
    helpFor('script', 'scripting', subcommands, { acl: ['scripting'] }),
  ],
} as const satisfies CommandSpec;
