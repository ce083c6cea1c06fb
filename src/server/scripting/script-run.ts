/**
 * A script that is running: what it may do, what it has done, and its commands.
 *
 * The checks of a command are in Redis' order: it is known and may be called from scripts, the
 * replica is not stale, the user has the permission, it may write, there is memory.
 *
 * @see redis/redis 7.0.15 src/script.c, scriptCall()
 */
import { fitsArity } from '../../commands/facts.js';
import type { Resolved } from '../../commands/table.js';
import { OUT_OF_MEMORY } from '../../keyspace/errors.js';
import { replyBytes } from '../../resp/encode.js';
import { reply } from '../../resp/reply.js';
import type { DeclaredFlags } from '../../scripting/script-flags.js';
import { Client, NO_OUTPUT } from '../client.js';
import { call, type Execution } from '../dispatch.js';
import { observeRefusal } from '../observation/observe.js';
import { Transaction } from '../queued.js';
import type { Effects } from './effects.js';

/**
 * What `redis.set_repl` says, as bits: the append-only file, replicas. Both read one stream, so
 * what does not go to replicas is not in the file either.
 */
const REPLICATE_ALL = 3;
const TO_REPLICAS = 2;

/** What is known of a script when it begins. */
export interface RunFacts {
  readonly kind: 'script' | 'function';
  /** The script's SHA-1, or the function's name. */
  readonly name: string;
  readonly caller: Client;
  /** What has called it. */
  readonly command: readonly Buffer[];
  readonly declared: DeclaredFlags;
  readonly isReadOnly: boolean;
  readonly startedAtMicros: number;
  /** Memory was over its limit. */
  readonly lacksRoom: boolean;
}

export class ScriptRun {
  readonly facts: RunFacts;
  /** It has executed a write, or tried to. */
  isDirty = false;
  /** It is to end by an error. */
  isKilled = false;
  /** The node answers others while it runs. */
  isLeft = false;
  readonly #node: Execution;
  readonly #effects: Effects;
  /** Who its commands are run for. */
  readonly #client: Client;
  #replicates = REPLICATE_ALL;

  constructor(node: Execution, facts: RunFacts, effects: Effects) {
    this.#node = node;
    this.facts = facts;
    this.#effects = effects;
    const { caller } = facts;
    const nowMs = Math.floor(facts.startedAtMicros / 1000);
    this.#client = new Client(caller.id, SCRIPTS_OUTPUT, nowMs, true);
    this.#client.db = caller.db;
    this.#client.link = caller.link === 'master' ? 'master' : null;
    this.#client.user = caller.user;
    this.#client.isScript = true;
    this.#client.transaction = new Transaction(); // Nothing in it blocks.
  }

  /** The script is over. */
  end(): void {
    this.#effects.end();
  }

  /** `redis.setresp`, `redis.set_repl`, `redis.acl_check_cmd`. @returns the answer. */
  tell(what: string, args: readonly Buffer[]): string {
    switch (what) {
      case 'resp':
        this.#client.resp = String(args[0]) === '3' ? 3 : 2;
        return '';
      case 'repl':
        this.#replicates = Number(String(args[0]));
        return '';
      default: {
        const resolved = this.#node.commands.lookup(args);
        if (resolved === null) return '';
        const denial = this.#node.access.check(this.#client.user, resolved, args);
        return denial === null ? '1' : '0';
      }
    }
  }

  /**
   * Run a command. @returns its reply, in the protocol that the script has chosen. @throws
   * FencedSignal
   */
  execute(args: readonly Buffer[]): Uint8Array {
    if (args.length === 0) {
      return error('Please specify at least one argument for this redis lib call');
    }
    const resolved = this.#node.commands.lookup(args);
    const refusal = this.#refusal(resolved, args);
    if (refusal !== null || resolved === null) {
      const text = refusal ?? '';
      observeRefusal(this.#node, resolved?.spec ?? null, `ERR ${text}`.replace(/^ERR -/, ''));
      return error(text);
    }
    const { flags } = resolved.spec;
    if (flags.includes('write')) this.isDirty = true;
    const run = (): Uint8Array => this.#call(resolved, args);
    if (
      !flags.includes('write') &&
      !flags.includes('may_replicate') &&
      !flags.includes('readonly')
    ) {
      return run();
    }
    return this.#effects.around(this.#client.db, args, run);
  }

  #call(resolved: Resolved, args: readonly Buffer[]): Uint8Array {
    const client = this.#client;
    const isPrivate = (this.#replicates & TO_REPLICAS) === 0;
    const result = call(this.#node, client, resolved, args, true, isPrivate);
    this.#remember(resolved);
    if (result === null || result.type === 'blocked-on-keys') {
      return replyBytes(reply.null, client.resp);
    }
    if (result.type === 'raw') return result.bytes;
    const answer = result.type === 'blocked' ? (result.timeoutReply() ?? reply.null) : result;
    return replyBytes(answer, client.resp);
  }

  /** One that reads has the caller track all keys that the script declares, and no others. */
  #remember({ spec }: Resolved): void {
    const { caller, command } = this.facts;
    if (caller.tracking === null) return;
    const called = this.#node.commands.lookup(command);
    if (called !== null) {
      this.#node.tracking.remember(caller, spec, { spec: called.spec, args: command });
    }
  }

  /**
   * @returns why a command may not run: as Redis' own texts are, a "-" in front if they have a
   * code.
   */
  #refusal(resolved: Resolved | null, args: readonly Buffer[]): string | null {
    if (resolved === null) return 'Unknown Redis command called from script';
    const { spec } = resolved;
    if (!fitsArity(spec, args.length))
      return 'Wrong number of args calling Redis command from script';
    const { replication, config, access, switches } = this.#node;
    if (spec.flags.includes('noscript') && !switches.allowsDeniedScripts) {
      return 'This Redis command is not allowed from script';
    }
    const servesNothing = !config.replicaServeStaleData.value && replication.isStale();
    if (servesNothing && !spec.flags.includes('stale')) {
      return 'Can not execute the command on a stale replica';
    }
    const denial = access.denial(this.facts.caller, resolved, args, 'lua');
    if (denial !== null) return `The user executing the script ${DENIED[denial.what]}`;
    return this.#writeRefusal(resolved) ?? this.#roomRefusal(resolved);
  }

  #writeRefusal({ spec }: Resolved): string | null {
    const { isReadOnly, declared, caller } = this.facts;
    const isWrite = spec.flags.includes('write');
    if (isReadOnly || (declared?.has('no-writes') ?? false)) {
      if (isWrite || spec.flags.includes('may_replicate')) {
        return 'Write commands are not allowed from read-only scripts.';
      }
    }
    if (!isWrite || this.isDirty || caller.link === 'master') return null;
    const { replication, saved, appendOnly } = this.#node;
    const reason =
      (replication.role() === 'replica' ? replication.canWrite() : null) ??
      saved.whyNoWrites() ??
      appendOnly.whyNoWrites() ??
      replication.canWrite();
    return reason === null ? null : `-${reason}`;
  }

  #roomRefusal({ spec }: Resolved): string | null {
    const { declared, lacksRoom, caller } = this.facts;
    const mayGrow = !lacksRoom || caller.link === 'master' || (declared?.has('allow-oom') ?? false);
    if (mayGrow || this.isDirty || !spec.flags.includes('denyoom')) return null;
    return `-${OUT_OF_MEMORY}`;
  }
}

/** MONITOR shows it as the address of a script's commands. */
const SCRIPTS_OUTPUT = { ...NO_OUTPUT, remoteAddress: 'lua' };

const DENIED = {
  command: "can't run this command or subcommand",
  key: "can't access at least one of the keys mentioned in the command arguments",
  channel: "can't publish to the channel mentioned in the command",
} as const;

/** @param text - without a code it gets `ERR`. */
function error(text: string): Uint8Array {
  return replyBytes(reply.error(text.startsWith('-') ? text.slice(1) : `ERR ${text}`), 2);
}
