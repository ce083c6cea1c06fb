/**
 * What happens in replication, as the lines of Redis' log: people's tools and Redis' own tests look
 * for them in these words.
 *
 * @see redis/redis 7.0 src/replication.c, the calls of serverLog()
 */
import { assertNever } from '../base/assert.js';
import type { ReplicationEvent } from './environment.js';
import type { FullResyncReason } from './psync.js';

export interface LogLine {
  readonly level: 'debug' | 'verbose' | 'notice' | 'warning';
  readonly text: string;
}

/** @returns none: another line says it. */
export function logLines(event: ReplicationEvent): readonly LogLine[] {
  switch (event.type) {
    case 'role-changed':
    case 'following':
      return [];
    case 'log':
      return [{ level: event.level, text: event.text }];
    case 'replica-online':
      return [notice(`Synchronization with replica ${event.replica} succeeded`)];
    case 'replica-dropped':
      return [warning(droppedText(event.replica, event.reason))];
    case 'psync-refused':
      return [notice(refusedText(event.replica, event.reason))];
    case 'gap-healed':
      return [notice(`The master was ${event.bytes} bytes ahead without having said so`)];
    case 'promoted':
    case 'fenced':
      return [notice(succession(event))];
    case 'candidate':
      return [notice(`Waiting for a majority to promise ballot ${event.ballot}`)];
    case 'established':
      return [notice(`A majority follows this master, ballot ${event.ballot}`)];
    default:
      return linkLines(event);
  }
}

type LinkEvent = Exclude<
  ReplicationEvent,
  {
    type:
      | 'role-changed'
      | 'following'
      | 'log'
      | 'replica-online'
      | 'replica-dropped'
      | 'psync-refused'
      | 'gap-healed'
      | 'promoted'
      | 'fenced'
      | 'candidate'
      | 'established';
  }
>;

/** Of this node's link to its master. */
function linkLines(event: LinkEvent): readonly LogLine[] {
  switch (event.type) {
    case 'link-up':
      return [notice(`The link to the master ${event.master} is up, at offset ${event.offset}`)];
    case 'link-down':
      return [
        warning(`Connection with master lost. (${event.master}: ${event.reason})`),
        notice('Caching the disconnected master state.'),
      ];
    case 'handshake-failed':
      return [warning(event.reason)];
    case 'handshake-note':
      return [notice(event.text)];
    case 'full-resync':
      return [notice(`Full resync from master: ${event.replid}:${event.offset}`)];
    case 'full-resync-failed':
      return [warning(`MASTER <-> REPLICA sync: failed with ${event.master}: ${event.reason}`)];
    case 'partial-resync':
      return [notice('Successful partial resynchronization with master.')];
    default:
      return assertNever(event);
  }
}

function succession(event: ReplicationEvent & { type: 'promoted' | 'fenced' }): string {
  if (event.type === 'fenced') {
    return `Replaced by ${event.by ?? 'another node'}${event.diverged ? ', diverged' : ''}`;
  }
  const fenced = event.isFenced ? 'fenced' : 'not fenced';
  return `Taking over at offset ${event.offset}: the old master is ${fenced}, its stream read: ${event.drain}`;
}

/** Why a replica whose stage it is has been silent for too long, in Redis' words. */
export function timeoutText(isOnline: boolean): string {
  return `Disconnecting timedout replica (${isOnline ? 'streaming' : 'full'} sync)`;
}

function droppedText(replica: string, reason: string): string {
  if (reason.startsWith('Disconnecting')) return `${reason}: ${replica}`;
  return `Connection with replica ${replica} closed: ${reason}`;
}

const REFUSALS: Readonly<Record<FullResyncReason, string>> = {
  requested: 'Full resync requested',
  'other-history': 'Partial resynchronization not accepted: Replication ID mismatch',
  'past-second-id':
    'Partial resynchronization not accepted: Requested offset is beyond that of the second ID',
  'too-old': 'Unable to partial resync for lack of backlog',
  'beyond-head':
    'Unable to partial resync: the offset is greater than the master replication offset',
};

function refusedText(replica: string, reason: FullResyncReason): string {
  return `${REFUSALS[reason]} (replica ${replica})`;
}

const notice = (text: string): LogLine => ({ level: 'notice', text });
const warning = (text: string): LogLine => ({ level: 'warning', text });
