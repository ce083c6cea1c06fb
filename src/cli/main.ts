#!/usr/bin/env node
/**
 * The command line: `ringleader <subcommand>`, one file each. Only the one that is asked for is
 * loaded, so that a server starts without what draws plots.
 */
import { Command } from 'commander';

import { commonRules } from './common-rules.js';
import { EXIT_CODE_ROWS } from './exit-code.js';
import { table } from './help-text.js';
import { fail } from './fail.js';
import { endWithReader } from './reader-gone.js';
import { VERSION } from './version.js';

const SUBCOMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['up', async () => (await import('./up.js')).upCommand()],
  ['server', async () => (await import('./server.js')).serverCommand()],
  ['sentinel', async () => (await import('./sentinel.js')).sentinelCommand()],
  ['bench', async () => (await import('./bench.js')).benchCommand()],
  ['backlog', async () => (await import('./backlog.js')).backlogCommand()],
  ['drill', async () => (await import('./drill.js')).drillCommand()],
  ['sim', async () => (await import('./sim.js')).simCommand()],
]);

const program = new Command('ringleader')
  .description("Redis' masters, replicas and sentinels as threads of one process")
  .version(VERSION)
  .addHelpText('after', table('Exit codes', EXIT_CODE_ROWS));
commonRules(program);
endWithReader();

try {
  const wanted = SUBCOMMANDS.get(process.argv[2] ?? '');
  for (const load of wanted === undefined ? SUBCOMMANDS.values() : [wanted]) {
    program.addCommand(commonRules(await load()));
  }
  await program.parseAsync();
} catch (error) {
  fail(error);
}
