/** `ACL`: commands about users and what they may do. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { aclCat } from './acl-cat.js';
import { aclDeluser } from './acl-deluser.js';
import { aclDryrun } from './acl-dryrun.js';
import { aclGenpass } from './acl-genpass.js';
import { aclGetuser } from './acl-getuser.js';
import { aclList } from './acl-list.js';
import { aclLoad } from './acl-load.js';
import { aclLog } from './acl-log.js';
import { aclSave } from './acl-save.js';
import { aclSetuser } from './acl-setuser.js';
import { aclUsers } from './acl-users.js';
import { aclWhoami } from './acl-whoami.js';

export const aclSubcommands = [
  aclCat,
  aclDeluser,
  aclDryrun,
  aclGenpass,
  aclGetuser,
  aclList,
  aclLoad,
  aclLog,
  aclSave,
  aclSetuser,
  aclUsers,
  aclWhoami,
] as const satisfies readonly CommandSpec[];

/** `ACL …` — users, and what they may do. */
export const acl = {
  name: 'acl',
  group: 'server',
  since: '6.0.0',
  summary: 'Commands about users and what they may do',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...aclSubcommands, helpFor('acl', 'server', aclSubcommands, { since: '6.0.0' })],
} as const satisfies CommandSpec;
