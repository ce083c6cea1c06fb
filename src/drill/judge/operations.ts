/**
 * What a client was asked to do and how it came out, as its user saw it: the other half of the
 * evidence, beside the wire's.
 *
 * Only this half can tell a silent hang: a command that a client keeps to itself is not on the
 * wire.
 */
import type { Millis } from '../../base/time.js';
import type { WireCommand } from './wire-log.js';

export interface Operation {
  /** `write w17`, `read`, `SET`: for people. */
  readonly what: string;
  /** Name and key of the command, where they are known; lower case name. */
  readonly command: { readonly name: string; readonly key: string } | null;
  /** ms on the drill's clock. */
  readonly startedAt: Millis;
  /** null: it is still under way. */
  settledAt: Millis | null;
  /** null: it succeeded, or is under way. */
  error: OperationError | null;
}

export interface OperationError {
  /** The error's `code`, a reply's first word (`READONLY`), or the error's name. */
  readonly code: string;
  readonly message: string;
}

/** Commands about the connection rather than the data; their success says little. */
const HOUSEKEEPING = new Set(
  'auth hello client select info role ping command config quit reset sentinel echo readonly cluster multi exec discard watch unwatch subscribe psubscribe unsubscribe punsubscribe'.split(
    ' ',
  ),
);

/** Whether a command does what the user asked the client for. */
export function isUserCommand(name: string): boolean {
  return !HOUSEKEEPING.has(name.toLowerCase());
}

/** @returns the wire's commands as operations: for clients that are watched from outside only. */
export function fromWire(commands: readonly WireCommand[]): Operation[] {
  return commands
    .filter(({ name }) => isUserCommand(name))
    .map(({ name, args, sentAt, settledAt, state, reply }) => ({
      what: name.toUpperCase(),
      command: { name, key: args[1] ?? '' },
      startedAt: sentAt,
      settledAt,
      error: wireError(state, reply?.type === 'error' ? reply.text : ''),
    }));
}

function wireError(state: WireCommand['state'], text: string): OperationError | null {
  if (state === 'error') return { code: text.split(' ')[0] || 'ERR', message: text };
  if (state !== 'unanswered') return null;
  return { code: 'CONNECTION_LOST', message: 'the connection was lost before the reply' };
}

/** @returns what is known of anything thrown. */
export function toOperationError(error: unknown): OperationError {
  if (!(error instanceof Object)) return { code: 'ERROR', message: String(error) };
  const fields = new Map<string, unknown>(Object.entries(error));
  const message = String(Object(error)['message'] ?? error);
  const code = fields.get('code') ?? /^[A-Z]{3,}(?= )/.exec(message)?.[0] ?? Object(error)['name'];
  return { code: String(code ?? 'ERROR'), message: message.split('\n')[0] ?? '' };
}
