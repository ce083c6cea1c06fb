/** `XGROUP DESTROY`: take a consumer group away. */
import { reply } from '../../resp/reply.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { streamOfGroups } from './xgroup-options.js';

/** `XGROUP DESTROY key group` — reply with 1, or 0: there was none. */
export const xgroupDestroy = {
  name: 'destroy',
  group: 'stream',
  since: '5.0.0',
  summary: 'Take a consumer group away, with all that is pending',
  complexity: 'O(N), N entries pending in the group',
  arity: 4,
  flags: ['write'],
  acl: ['stream'],
  keys: subcommandKey('RW', 'delete'),
  syntax: 'key groupname',
  tellsWatchers: true,
  run({ db, notify, propagateVerbatim }, [, , key = NONE, name = NONE]) {
    const stream = streamOfGroups(db, key);
    const group = stream.group(name);
    if (group === null) return reply.integer(0);
    stream.removeGroup(group);
    db.streams.signal(key);
    propagateVerbatim();
    notify('t', 'xgroup-destroy', key);
    return reply.integer(1);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
