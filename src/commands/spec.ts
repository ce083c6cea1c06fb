/**
 * A command: its facts and its handler, together.
 *
 * @see redis/redis 7.0 src/commands/*.json
 */
import type { Reply } from '../resp/reply.js';
import type { CommandContext } from './context.js';
import type { CoreFunction } from '../core/bindings.js';
import type { CommandFacts } from './facts.js';

/**
 * What a handler answers: a reply; bytes that are a reply already; a promise of one, during which
 * the client is blocked; or nothing (replies were pushed, or are switched off).
 */
export type CommandResult = Reply | RawReply | Blocked | null;

export interface RawReply {
  readonly type: 'raw';
  readonly bytes: Uint8Array;
}

export interface Blocked {
  readonly type: 'blocked';
  readonly reply: Promise<Reply>;
  /** @returns what the client is told when somebody unblocks it as if the time were up. */
  timeoutReply(): Reply;
}

type Handler = (context: CommandContext, args: readonly Buffer[]) => CommandResult;

export interface CommandSpec extends CommandFacts {
  readonly subcommands?: readonly CommandSpec[];
  /**
   * A handler, or where the data core executes it: then here are only its facts. A command that is
   * only a container of subcommands has none.
   */
  readonly run?: Handler | CoreFunction;
  /**
   * Beside a handler: calls that the core answers by itself. `bare`: without arguments; `followed`:
   * in the stream of a master that is being followed.
   */
  readonly shortcut?: { readonly when: 'bare' | 'followed'; readonly run: CoreFunction };
}

/** Whether the data core executes all calls of the command. */
export function isCores({ run }: CommandSpec): boolean {
  return typeof run === 'object';
}
