/** The commands of the group, in alphabetical order. */
import type { CommandSpec } from '../spec.js';
import { acl } from './acl.js';
import { bgrewriteaof } from './bgrewriteaof.js';
import { bgsave } from './bgsave.js';
import { command } from './command.js';
import { config } from './config.js';
import { dbsize } from './dbsize.js';
import { debug } from './debug.js';
import { failover } from './failover.js';
import { flushall } from './flushall.js';
import { flushdb } from './flushdb.js';
import { info } from './info.js';
import { lastsave } from './lastsave.js';
import { latency } from './latency.js';
import { lolwut } from './lolwut.js';
import { memory } from './memory.js';
import { moduleCommand } from './module.js';
import { monitor } from './monitor.js';
import { psync } from './psync.js';
import { replconf } from './replconf.js';
import { replicaof } from './replicaof.js';
import { restoreAsking } from './restore-asking.js';
import { role } from './role.js';
import { save } from './save.js';
import { shutdown } from './shutdown.js';
import { slaveof } from './slaveof.js';
import { slowlog } from './slowlog.js';
import { swapdb } from './swapdb.js';
import { sync } from './sync.js';
import { time } from './time.js';

export const serverCommands: readonly CommandSpec[] = [
  acl,
  bgrewriteaof,
  bgsave,
  command,
  config,
  dbsize,
  debug,
  failover,
  flushall,
  flushdb,
  info,
  lastsave,
  latency,
  lolwut,
  memory,
  moduleCommand,
  monitor,
  psync,
  replconf,
  replicaof,
  restoreAsking,
  role,
  save,
  shutdown,
  slaveof,
  slowlog,
  swapdb,
  sync,
  time,
];
