/** `CLIENT PAUSE`: suspend the clients for some time. */
import { ReplyError, reply } from '../../resp/reply.js';
import { timeoutArg, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT PAUSE ms [WRITE | ALL]` — keep clients waiting for a while. */
export const clientPause = {
  name: 'pause',
  group: 'connection',
  since: '2.9.50',
  summary: 'Suspend the clients for some time',
  complexity: 'O(1)',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax: 'timeout:integer [mode: WRITE | ALL]',
  run({ pause, clock, nowMs }, [, , timeout, mode]) {
    const word = mode === undefined ? 'all' : wordArg(mode);
    if (word !== 'write' && word !== 'all') {
      throw new ReplyError('ERR CLIENT PAUSE mode must be WRITE or ALL');
    }
    const timeoutMs = timeoutArg(timeout);
    pause.start(word, nowMs + timeoutMs);
    // In time; a longer one than timers take is left to the cron.
    const end = (): void => pause.check(Math.floor(clock.wallMicros() / 1000));
    if (timeoutMs < 2 ** 31) clock.later(timeoutMs, end);
    return reply.ok;
  },
} as const satisfies CommandSpec;
