/** `CLIENT`: commands about connections. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { clientCaching } from './client-caching.js';
import { clientGetname } from './client-getname.js';
import { clientGetredir } from './client-getredir.js';
import { clientId } from './client-id.js';
import { clientInfo } from './client-info.js';
import { clientKill } from './client-kill.js';
import { clientList } from './client-list.js';
import { clientNoEvict } from './client-no-evict.js';
import { clientPause } from './client-pause.js';
import { clientReply } from './client-reply.js';
import { clientSetinfo } from './client-setinfo.js';
import { clientSetname } from './client-setname.js';
import { clientTracking } from './client-tracking.js';
import { clientTrackinginfo } from './client-trackinginfo.js';
import { clientUnblock } from './client-unblock.js';
import { clientUnpause } from './client-unpause.js';

const subcommands = [
  clientCaching,
  clientGetname,
  clientGetredir,
  clientId,
  clientInfo,
  clientKill,
  clientList,
  clientNoEvict,
  clientPause,
  clientReply,
  clientSetinfo,
  clientSetname,
  clientTracking,
  clientTrackinginfo,
  clientUnblock,
  clientUnpause,
] as const satisfies readonly CommandSpec[];

/** `CLIENT …` — commands about connections. */
export const client = {
  name: 'client',
  group: 'connection',
  since: '2.4.0',
  summary: 'Commands about connections',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...subcommands, helpFor('client', 'connection', subcommands)],
} as const satisfies CommandSpec;
