/**
 * Run the commands of one client that the core hands over: find, refuse, queue or execute each, and
 * answer it.
 *
 * Bytes and flow control are the connection's (connection.ts), which is told how to go on.
 */
import { type CommandFlag, fullName } from '../commands/facts.js';
import type { Blocked, BlockedOnKeys, CommandResult, CommandSpec } from '../commands/spec.js';
import type { Resolved } from '../commands/table.js';
import { replyBytes } from '../resp/encode.js';
import { type Reply, ReplyError, reply } from '../resp/reply.js';
import type { BlockedClient, Client } from './client.js';
import { call, type Execution } from './dispatch.js';
import type { Waiter } from './waiter.js';
import { effectiveFlags, isPaused, ownFlags, refusal, usesData } from './gate.js';
import { noteIfSlow, observeFailure, observeRefusal } from './observation/observe.js';
import { BROWSER_WARNING, isWebBrowser } from './web-browser.js';
import { callFlags } from './scripting/may-run.js';

/** How the connection goes on after a command. */
export type Aftermath =
  /** With the next one. */
  | 'next'
  /** The client waits for an answer; `resume` will be called. */
  | 'blocked'
  /** The command was not run: CLIENT PAUSE makes it wait. */
  | 'paused'
  /** It has asked for the end, or deserves it at once. */
  | 'end'
  | 'kill';

export interface CommandRunHooks {
  /** Queue the bytes of a reply. @param tellsData - it tells of keys. */
  answer(bytes: Uint8Array, tellsData: boolean): void;
  /** What the client was blocked for has been answered. */
  resume(): void;
}

export class CommandRun {
  readonly #node: Execution;
  readonly #client: Client;
  readonly #hooks: CommandRunHooks;

  constructor(node: Execution, client: Client, hooks: CommandRunHooks) {
    this.#node = node;
    this.#client = client;
    this.#hooks = hooks;
  }

  /** @throws FencedSignal */
  run(args: readonly Buffer[]): Aftermath {
    const node = this.#node;
    const client = this.#client;
    if (isWebBrowser(args)) {
      node.log.write('warning', BROWSER_WARNING);
      return 'kill';
    }
    const resolved = this.#resolve(args);
    if (resolved === null) return client.closeAfterReply ? 'end' : 'next';
    const flags = this.#flags(resolved, args);
    client.lastCommand = fullName(resolved.spec, resolved.container);
    const reason = refusal(node, client, resolved, args, flags);
    if (reason !== null) {
      this.#refuse(resolved.spec, resolved.spec.name === 'exec' ? this.#abort(reason) : reason);
      return client.closeAfterReply ? 'end' : 'next';
    }
    if (isPaused(node, client, flags)) return 'paused';
    if (client.transaction !== null && !NEVER_QUEUED.has(resolved.spec.name)) {
      client.transaction.add(resolved, args, flags);
      this.#answer(reply.simple('QUEUED'));
      return 'next';
    }
    const tellsData = usesData(resolved.spec, flags);
    const result = call(node, client, resolved, args);
    if (result?.type === 'blocked') this.#block(result, resolved, args);
    else if (result?.type === 'blocked-on-keys') this.#blockOnKeys(result, resolved, args);
    else this.#answer(result, tellsData);
    if (node.tracking.active) node.tracking.settle(client, resolved.spec);
    client.writeOffset = node.replication.offset();
    node.blocked.serve();
    if (client.closeAfterReply) return 'end';
    return client.blocked === null ? 'next' : 'blocked';
  }

  /** The flags that decide: a script may have declared its own. */
  #flags({ spec }: Resolved, args: readonly Buffer[]): ReadonlySet<CommandFlag> {
    const flags = effectiveFlags(spec, this.#client);
    if (spec.group !== 'scripting' || spec.keys === undefined) return flags;
    return callFlags(flags, this.#node.scripting.declaredBy(spec.name, args));
  }

  /** @returns null: there is no such command, which has been answered. */
  #resolve(args: readonly Buffer[]): Resolved | null {
    const { commands } = this.#node;
    try {
      return commands.resolve(args);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      const found = commands.lookup(args);
      const spec = found?.spec ?? null;
      this.#client.lastCommand = found === null ? null : fullName(found.spec, found.container);
      this.#refuse(spec, spec?.name === 'exec' ? this.#abort(error.message) : error.message);
      return null;
    }
  }

  /** EXEC is refused: so is the transaction, if there is one. @returns what to answer. */
  #abort(reason: string): string {
    this.#node.transactions.discard(this.#client);
    return `EXECABORT Transaction discarded because of: ${reason.replace(/^ERR /, '')}`;
  }

  #refuse(spec: CommandSpec | null, text: string): void {
    if (this.#client.transaction !== null) this.#client.transaction.failed = true;
    observeRefusal(this.#node, spec, text);
    this.#answer(reply.error(text));
  }

  #answer(result: Exclude<CommandResult, Blocked | BlockedOnKeys>, tellsData = false): void {
    if (result === null || this.#client.isSilent) return;
    const { resp } = this.#client;
    const bytes = result.type === 'raw' ? result.bytes : replyBytes(result, resp);
    this.#hooks.answer(bytes, tellsData);
  }

  #block(blocked: Blocked, resolved: Resolved, args: readonly Buffer[]): void {
    const state = this.#begin(
      resolved,
      args,
      () => blocked.timeoutReply(),
      blocked.hasTimeout === true,
      () => {},
    );
    blocked.reply.then(
      (value) => state.settle(value),
      (error: unknown) => state.settle(reply.error(`ERR ${String(error)}`)),
    );
  }

  #blockOnKeys(wish: BlockedOnKeys, resolved: Resolved, args: readonly Buffer[]): void {
    const { blocked } = this.#node;
    const state = this.#begin(
      resolved,
      args,
      () => reply.nullArray,
      wish.timeoutMs > 0,
      () => blocked.remove(waiter),
    );
    const waiter: Waiter = {
      client: this.#client,
      resolved,
      wish,
      settle: (result, micros) => state.settle(result, micros),
    };
    blocked.add(waiter);
  }

  /** @param onEnd - called when it is answered, or goes without an answer. */
  #begin(
    resolved: Resolved,
    args: readonly Buffer[],
    timeoutReply: () => Reply | null,
    hasTimeout: boolean,
    onEnd: () => void,
  ): BlockedClient {
    const client = this.#client;
    const { isSilent } = client;
    const state: BlockedClient = {
      settle: (value, micros = 0): void => {
        if (client.blocked !== state) return; // Answered already, or gone.
        state.end();
        if (value.type === 'error') observeFailure(this.#node, resolved.spec, value.text);
        noteIfSlow(this.#node, client, resolved, args, micros);
        if (!isSilent) this.#answer(value, usesData(resolved.spec, ownFlags(resolved.spec)));
        this.#hooks.resume();
      },
      timeoutReply,
      hasTimeout,
      end() {
        client.blocked = null;
        onEnd();
      },
    };
    client.blocked = state;
    return state;
  }
}

/** Commands that act at once inside MULTI. */
const NEVER_QUEUED = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
