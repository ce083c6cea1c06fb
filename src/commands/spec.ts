/**
 * A command: its facts and its handler, together.
 *
 * @see redis/redis 7.0 src/commands/*.json
 */
import type { Reply } from '../resp/reply.js';
import type { CommandContext } from './context.js';
import type { CoreFunction } from '../core/bindings.js';
import type { CommandFacts } from './facts.js';
import type { Blocked, RawReply } from '../resp/command-answer.js';

export type { Blocked, RawReply } from '../resp/command-answer.js';

/**
 * What a handler answers: a reply; bytes that are a reply already; a promise of one, during which
 * the client is blocked; keys that it is blocked on; or nothing (replies were pushed, or are
 * switched off).
 */
export type CommandResult = Reply | RawReply | Blocked | BlockedOnKeys | null;

/**
 * What a handler answers that has nothing for its client yet: it waits until one of the keys is
 * ready (made, with the awaited type; or added to, for a stream). Then `serve` is called with that
 * key: after the command, transaction or script that made it, for one client after the other in
 * the order they came (src/server/blocked-clients.ts). In a transaction or a script no client
 * blocks: it is answered as if the time were up.
 *
 * @see redis/redis 7.0.15 src/blocked.c, blockForKeys(), handleClientsBlockedOnKeys()
 */
export interface BlockedOnKeys {
  readonly type: 'blocked-on-keys';
  /** In the client's database. A key named twice counts once. */
  readonly keys: readonly Buffer[];
  /** The type that wakes it, as TYPE names it. */
  readonly awaits: 'list' | 'zset' | 'stream';
  /** Ms; 0: no limit. */
  readonly timeoutMs: number;
  /**
   * Serve the client from a key, which holds the awaited type. What it changes it tells through the
   * context, replicas, notifications and WATCH included: no rule of the command's spec does.
   *
   * @returns null: there is nothing for this client, which waits on.
   * @throws ReplyError: it is answered with that.
   */
  serve(context: CommandContext, key: Buffer): Reply | RawReply | null;
  /**
   * A key is gone, or holds another type than the awaited one.
   *
   * @returns null, as without this: the client waits on.
   */
  gone?(key: Buffer): Reply | null;
  /** Where no client may block; null-array, if missing, as when the time is up. */
  readonly refusedReply?: Reply;
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
