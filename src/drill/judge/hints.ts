/**
 * Hints: what to change, given how a client failed. Rules as data.
 *
 * A hint stands here only if the drill came out better with it than without (docs/drill.md has the
 * figures); a client that does not name itself gets those that fit any.
 */
import type { Outcome } from './outcome.js';

export interface Hint {
  /** Stable: tests may match on it. */
  readonly id: string;
  readonly text: string;
}

/** What a rule may look at. */
export interface Symptoms {
  readonly outcome: Outcome;
  /** As the client names itself: `ioredis`, `node-redis`; '' if it does not. */
  readonly library: string;
  /** Whether it has asked a sentinel for anything. */
  readonly askedSentinels: boolean;
  /** Whether some sentinels were out of the client's reach. */
  readonly sentinelsSilent: boolean;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

interface HintRule extends Hint {
  appliesTo(symptoms: Symptoms): boolean;
}

const isDown = ({ outcome }: Symptoms): boolean =>
  outcome === 'silent-hang' || outcome === 'errors';
/** ioredis and what was forked from it: iovalkey does not name itself. */
const isIoredis = ({ library }: Symptoms): boolean => library === 'ioredis' || library === '';
const timesOut = ({ errors }: Symptoms): boolean =>
  errors.some(({ message }) => message.includes('Command timed out'));

const RULES: readonly HintRule[] = [
  {
    id: 'ask-sentinels',
    text: 'It has asked no sentinel, so it goes on knocking at the old address. Give it the sentinels and the name of the group instead of one host and port.',
    appliesTo: (symptoms) => isDown(symptoms) && !symptoms.askedSentinels,
  },
  {
    id: 'ioredis-sentinel-timeout',
    text: 'ioredis waits for a silent sentinel for ever. sentinelCommandTimeout (300 ms, say) makes it try the next one.',
    appliesTo: (symptoms) =>
      isDown(symptoms) &&
      isIoredis(symptoms) &&
      symptoms.sentinelsSilent &&
      symptoms.askedSentinels,
  },
  {
    id: 'ioredis-ended',
    text: 'ioredis has ended for good, as it does with failoverDetector when the word of a failover comes while it is connecting. Connect again on its `end` event, or use socketTimeout instead.',
    appliesTo: (symptoms) =>
      symptoms.outcome === 'errors' &&
      isIoredis(symptoms) &&
      symptoms.askedSentinels &&
      symptoms.errors.some(({ message }) => message === 'Connection is closed.'),
  },
  {
    id: 'ioredis-socket-timeout',
    text: 'socketTimeout (500 ms, say) closes an ioredis connection on which replies are owed and nothing comes, and a new one is looked for. commandTimeout does not: it gives up the command and keeps the dead connection.',
    appliesTo: (symptoms) =>
      isIoredis(symptoms) &&
      symptoms.askedSentinels &&
      !symptoms.sentinelsSilent &&
      (symptoms.outcome === 'silent-hang' || (symptoms.outcome === 'errors' && timesOut(symptoms))),
  },
  {
    id: 'ioredis-failover-detector',
    text: 'ioredis notices a failover by the end of its connection, which does not come from a frozen or unreachable master. failoverDetector: true makes it listen to the sentinels; it then still waits disconnectTimeout (2000 ms by default) for the dead connection. But if their word comes while it is connecting, it ends for good: connect again on its `end` event.',
    appliesTo: (symptoms) =>
      symptoms.outcome === 'silent-hang' &&
      isIoredis(symptoms) &&
      symptoms.askedSentinels &&
      !symptoms.sentinelsSilent,
  },
  {
    id: 'min-replicas-to-write',
    text: 'No client can prevent it: the master acknowledged what no replica had. min-replicas-to-write 1 with min-replicas-max-lag bounds the time in which that happens; WAIT 1 tells for a single write.',
    appliesTo: ({ outcome }) => outcome === 'lost-writes',
  },
  {
    id: 'idempotent-retries',
    text: 'A command whose reply was lost was sent again, and both were executed. Write what may be repeated (SET instead of INCR or APPEND); or, with ioredis, maxRetriesPerRequest: 0 rejects it, so that your code decides. (autoResendUnfulfilledCommands: false does not: it forgets the command, and the caller waits for ever.)',
    appliesTo: ({ outcome }) => outcome === 'duplicated-writes',
  },
];

/** @returns the hints that fit, the most specific first. */
export function hintsFor(symptoms: Symptoms): Hint[] {
  return RULES.filter((rule) => rule.appliesTo(symptoms)).map(({ id, text }) => ({ id, text }));
}
