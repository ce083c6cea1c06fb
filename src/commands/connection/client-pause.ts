/** `CLIENT PAUSE`: suspend the clients for some time. */
import { ReplyError, reply } from '../../resp/reply.js';
import { timeoutArg, wordArg } from '../arguments.js';
import type { ClientPause, ClientsContext } from '../node/clients.js';
import type { NodeClock } from '../node/process.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT PAUSE ms [WRITE | ALL]` — keep clients waiting for a while. */
export const clientPause = {
  name: 'pause',
  group: 'connection',
  since: '2.9.50',
  history: [['6.2.0', '`CLIENT PAUSE WRITE` mode added along with the `mode` option.']],
  summary: 'Suspend the clients for some time',
  complexity: 'O(1)',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax: 'timeout:integer [mode: WRITE | ALL]',
  run({ pause, clock, nowMs }: ClientsContext, [, , timeout, mode]) {
    const word = mode === undefined ? 'all' : wordArg(mode);
    if (word !== 'write' && word !== 'all') {
      throw new ReplyError('ERR CLIENT PAUSE mode must be WRITE or ALL');
    }
    const timeoutMs = timeoutArg(timeout);
    pause.start(word, nowMs + timeoutMs);
    if (timeoutMs < 2 ** 31) endInTime(pause, clock, nowMs + timeoutMs);
    return reply.ok;
  },
} as const satisfies CommandSpec;

/**
 * End a pause in time; a longer one than timers take is left to the cron. A timer may end a moment
 * before the clock says so: then it goes on, as the next turn of the cron can be a second away.
 *
 * @param untilMs - Unix ms.
 */
export function endInTime(
  pause: Pick<ClientPause, 'check'>,
  clock: Pick<NodeClock, 'wallMicros' | 'later'>,
  untilMs: number,
): void {
  const nowMs = Math.floor(clock.wallMicros() / 1000);
  if (nowMs >= untilMs) pause.check(nowMs);
  else clock.later(untilMs - nowMs, () => endInTime(pause, clock, untilMs));
}
