/** The commands of the group, in alphabetical order. */
import type { CommandSpec } from '../spec.js';
import { del } from './del.js';
import { exists } from './exists.js';
import { expire } from './expire.js';
import { expireat } from './expireat.js';
import { expiretime } from './expiretime.js';
import { keys } from './keys.js';
import { persist } from './persist.js';
import { pexpire } from './pexpire.js';
import { pexpireat } from './pexpireat.js';
import { pexpiretime } from './pexpiretime.js';
import { pttl } from './pttl.js';
import { randomkey } from './randomkey.js';
import { rename } from './rename.js';
import { renamenx } from './renamenx.js';
import { scan } from './scan.js';
import { ttl } from './ttl.js';
import { type } from './type.js';
import { unlink } from './unlink.js';
import { wait } from './wait.js';

export const genericCommands: readonly CommandSpec[] = [
  del,
  exists,
  expire,
  expireat,
  expiretime,
  keys,
  persist,
  pexpire,
  pexpireat,
  pexpiretime,
  pttl,
  randomkey,
  rename,
  renamenx,
  scan,
  ttl,
  type,
  unlink,
  wait,
];
