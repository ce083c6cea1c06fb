/** `XGROUP DELCONSUMER`: take a consumer away. */
import { reply } from '../../resp/reply.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { namedGroup } from './xgroup-options.js';

/** `XGROUP DELCONSUMER key group consumer` — reply with how many entries were pending with it. */
export const xgroupDelconsumer = {
  name: 'delconsumer',
  group: 'stream',
  since: '5.0.0',
  summary: 'Take a consumer of a group away, with what is pending with it',
  complexity: 'O(N), N entries pending with it',
  arity: 5,
  flags: ['write'],
  acl: ['stream'],
  keys: subcommandKey('RW', 'delete'),
  syntax: 'key groupname consumername',
  tellsWatchers: true,
  run({ db, notify, propagateVerbatim }, [, , key = NONE, name = NONE, consumerName = NONE]) {
    const group = namedGroup(db, key, name);
    const consumer = group.consumer(consumerName);
    if (consumer === null) return reply.integer(0);
    const { pendingCount } = consumer;
    group.removeConsumer(consumer);
    propagateVerbatim();
    notify('t', 'xgroup-delconsumer', key);
    return reply.integer(pendingCount);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
