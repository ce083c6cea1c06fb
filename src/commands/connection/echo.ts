/** `ECHO`: answer with what was sent. */
import { core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `ECHO message` — reply with the message. */
export const echo = {
  name: 'echo',
  group: 'connection',
  since: '1.0.0',
  summary: 'Answer with what was sent',
  complexity: 'O(1)',
  arity: 2,
  flags: ['loading', 'stale', 'fast'],
  acl: ['connection'],
  syntax: 'message',
  run: core('connection', 'echo'),
} as const satisfies CommandSpec;
