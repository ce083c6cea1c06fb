#!/usr/bin/env node
/** The command line: `ringleader <subcommand>`, one file each. */
import { Command } from 'commander';

import { backlogCommand } from './backlog.js';
import { benchCommand } from './bench.js';
import { drillCommand } from './drill.js';
import { fail } from './fail.js';
import { serverCommand } from './server.js';
import { upCommand } from './up.js';
import { VERSION } from './version.js';

const program = new Command('ringleader')
  .description("Redis' masters, replicas and sentinels as threads of one process")
  .version(VERSION)
  .showHelpAfterError()
  .addCommand(upCommand())
  .addCommand(serverCommand())
  .addCommand(benchCommand())
  .addCommand(backlogCommand())
  .addCommand(drillCommand());

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
