/**
 * EVAL, FCALL and what belongs to them, put together: scripts and libraries of src/scripting run
 * their commands here; a script that runs too long is left now and then, so that others are
 * answered.
 *
 * Rule: from the first leave to its end other clients may call only what is allowed while busy
 * (gate.ts), and nothing else changes the data: the script is atomic for all who look on.
 *
 * @see redis/redis 7.0.15 src/script.c, scriptPrepareForRun(), scriptInterrupt(); src/eval.c,
 * evalGenericCommand(); src/functions.c, fcallCommandGeneric()
 */
import { RingleaderError } from '../../base/errors.js';
import { integerArg, latin1 } from '../../commands/arguments.js';
import type { Scripting } from '../../commands/node/scripting.js';
import type { Blocked, RawReply } from '../../resp/command-answer.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { Libraries } from '../../scripting/libraries.js';
import type { Pace, ScriptHost } from '../../scripting/lua-machine.js';
import type { LuaEngine, RunOutcome } from '../../scripting/lua-state.js';
import type { DeclaredFlags } from '../../scripting/script-flags.js';
import { Scripts } from '../../scripting/scripts.js';
import type { Client } from '../client.js';
import { type Execution, FencedSignal } from '../dispatch.js';
import type { BatchFlow } from '../flow.js';
import { lacksRoom } from '../gate.js';
import { observeFailure } from '../observation/observe.js';
import { Effects } from './effects.js';
import { mayRun } from './may-run.js';
import { type RunFacts, ScriptRun } from './script-run.js';

export type ScriptingNode = Execution & { readonly flow: BatchFlow };

/** µs that a script that was left runs before it is left again. */
const SLICE_MICROS = 20_000;
/** µs that a library may take to be loaded. */
const LOAD_MICROS = 500_000;

const LEVELS = ['debug', 'verbose', 'notice', 'warning'] as const;

type Call = Pick<RunFacts, 'kind' | 'name' | 'caller' | 'command' | 'declared' | 'isReadOnly'>;

export class ScriptingService implements Scripting {
  readonly #node: () => ScriptingNode;
  readonly #scripts: Scripts;
  readonly #libraries: Libraries;
  #run: ScriptRun | null = null;
  /** When this slice of the script's began, or the library's load. */
  #sliceAtMicros = 0;
  #isLoading = false;

  constructor(engine: LuaEngine, node: () => ScriptingNode) {
    this.#node = node;
    const host: ScriptHost = {
      command: (args) => this.#run!.execute(args),
      tell: (what, args) => this.#run?.tell(what, args) ?? '',
      log: (level, text) => node().log.write(LEVELS[level] ?? 'notice', text.toString('latin1')),
      pace: (mayLeave) => this.#pace(mayLeave),
    };
    this.#scripts = new Scripts(engine, host);
    this.#libraries = new Libraries(engine, host);
  }

  // ── Running scripts and functions ─────────────────────────────────────────────────────────────

  evaluate(
    caller: Client,
    command: readonly Buffer[],
    { isSha, isReadOnly }: { readonly isSha: boolean; readonly isReadOnly: boolean },
  ): RawReply | Blocked {
    this.#feedMonitors(caller, command);
    const named = command[1]!;
    if (isSha && named.length !== 40) throw new ReplyError(NO_SCRIPT);
    const keyCount = keyCountOf(command);
    const known = isSha ? this.#scripts.get(latin1(named).toLowerCase()) : undefined;
    if (isSha && known === undefined) throw new ReplyError(NO_SCRIPT);
    const script = known ?? this.#scripts.define(named);
    const { sha: name, flags: declared } = script;
    return this.#begin({ kind: 'script', name, caller, command, declared, isReadOnly }, () =>
      this.#scripts.run(script, caller.resp, ...keysAndArguments(command, keyCount)),
    );
  }

  callFunction(
    caller: Client,
    command: readonly Buffer[],
    { isReadOnly }: { readonly isReadOnly: boolean },
  ): RawReply | Blocked {
    this.#feedMonitors(caller, command);
    const name = latin1(command[1]);
    const found = this.#libraries.get(name);
    if (found === undefined) throw new ReplyError('ERR Function not found');
    const keyCount = keyCountOf(command, 'ERR Bad number of keys provided');
    const { flags: declared } = found;
    return this.#begin({ kind: 'function', name, caller, command, declared, isReadOnly }, () =>
      this.#libraries.run(name, caller.resp, ...keysAndArguments(command, keyCount)),
    );
  }

  /** @throws ReplyError: it must not be run now. @throws FencedSignal */
  #begin(called: Call, start: () => RunOutcome): RawReply | Blocked {
    const node = this.#node();
    const { caller } = called;
    const startedAtMicros = node.clock.wallMicros();
    const facts = { ...called, startedAtMicros, lacksRoom: lacksRoom(node, caller) };
    const refusal = mayRun(node, facts);
    if (refusal !== null) throw new ReplyError(refusal);
    const isQueued = caller.transaction !== null;
    const wraps = !isQueued && node.replication.appends();
    const makeRoom = (bytes: number): void => node.flow.makeRoom(bytes);
    const run = new ScriptRun(node, facts, new Effects({ core: node.core, makeRoom }, wraps));
    this.#run = run;
    this.#sliceAtMicros = startedAtMicros;
    const outcome = this.#step(start);
    if (outcome.state === 'left') return this.#goOnLater(run);
    const result = this.#finish(run, outcome);
    if (!isQueued && !node.core.publish()) throw new FencedSignal();
    return result;
  }

  /** Run it until it ends or is left. */
  #step(work: () => RunOutcome): RunOutcome {
    try {
      return work();
    } catch (error) {
      // The engine has failed: what the script has done stands. Or the node was fenced.
      if (error instanceof ReplyError) this.#run?.end();
      this.#run = null;
      throw error;
    }
  }

  /** @returns what to answer. */
  #finish(
    run: ScriptRun,
    { reply: bytes, error }: Extract<RunOutcome, { state: 'done' }>,
  ): RawReply {
    const node = this.#node();
    run.end();
    this.#run = null;
    if (error !== 'none') {
      const text = bytes.toString('latin1', 1, bytes.length - 2);
      const resolved = node.commands.lookup(run.facts.command);
      // One that a command of the script has answered is counted already, but not as its failure.
      if (error === 'new' && resolved !== null) observeFailure(node, resolved.spec, text);
      else if (resolved !== null) node.commandStats.of(resolved.spec).failed++;
    }
    return { type: 'raw', bytes };
  }

  /** Others are answered in between. */
  #goOnLater(run: ScriptRun): Blocked {
    const node = this.#node();
    const { facts } = run;
    const resume = (): RunOutcome =>
      facts.kind === 'script' ? this.#scripts.resume() : this.#libraries.resume();
    const promise = new Promise<Reply | RawReply>((settle) => {
      const goOn = (): void => {
        this.#sliceAtMicros = node.clock.wallMicros();
        node.core.setNow(Math.floor(this.#sliceAtMicros / 1000));
        try {
          const outcome = this.#step(resume);
          if (outcome.state === 'left') {
            node.clock.later(0, goOn);
            return;
          }
          const result = this.#finish(run, outcome);
          if (!node.core.publish()) throw new FencedSignal();
          settle(result);
          node.blocked.serve();
        } catch (error) {
          if (error instanceof FencedSignal) return node.flow.onFenced();
          if (!(error instanceof ReplyError)) throw error;
          settle(reply.error(error.message));
        }
        node.flow.onBatchEnd();
      };
      node.clock.later(0, goOn);
    });
    return { type: 'blocked', reply: promise, timeoutReply: () => reply.null };
  }

  /** @param mayLeave - the engine can be left where it is. */
  #pace(mayLeave: boolean): Pace {
    const node = this.#node();
    const now = node.clock.wallMicros();
    if (this.#isLoading) return now - this.#sliceAtMicros > LOAD_MICROS ? 'kill' : 'go';
    const run = this.#run;
    if (run === null) return 'go';
    if (run.isKilled) return 'kill';
    if (!mayLeave) return 'go';
    if (run.isLeft) return now - this.#sliceAtMicros > SLICE_MICROS ? 'leave' : 'go';
    const limitMs = node.config.busyReplyThreshold.value;
    const elapsedMs = (now - run.facts.startedAtMicros) / 1000;
    const { caller, kind, name } = run.facts;
    // EXEC and a master's stream do not wait.
    if (limitMs === 0 || elapsedMs < limitMs || caller.transaction !== null) return 'go';
    if (caller.link === 'master') return 'go';
    run.isLeft = true;
    const how = kind === 'script' ? 'SCRIPT KILL' : 'FUNCTION KILL';
    node.log.write(
      'warning',
      `Slow script detected: still in execution after ${Math.floor(elapsedMs)} milliseconds. You can try killing the script using the ${how} command. Script name is: ${name}.`,
    );
    return 'leave';
  }

  #feedMonitors(caller: Client, command: readonly Buffer[]): void {
    const { monitors, clock } = this.#node();
    if (monitors.active) monitors.feed(caller, caller.db, command, clock.wallMicros());
  }

  // ── While a script is busy ────────────────────────────────────────────────────────────────────

  /** Whether a script has been left and is not over. */
  get isBusy(): boolean {
    return this.#run?.isLeft ?? false;
  }

  /** @returns why others may not run most commands now; null: they may. */
  busyText(): string | null {
    if (!this.isBusy) return null;
    return this.#run!.facts.kind === 'script' ? BUSY_SCRIPT : BUSY_FUNCTION;
  }

  busyWith(): ReturnType<Scripting['busyWith']> {
    if (this.#run === null) return null;
    const { kind, name, command, startedAtMicros } = this.#run.facts;
    const runsForMs = Math.floor((this.#node().clock.wallMicros() - startedAtMicros) / 1000);
    return { kind, name, command, runsForMs };
  }

  kill(kind: 'script' | 'function'): void {
    const run = this.#run;
    if (run === null) throw new ReplyError('NOTBUSY No scripts in execution right now.');
    if (run.isDirty) {
      throw new ReplyError(
        'UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.',
      );
    }
    if (kind !== run.facts.kind)
      throw new ReplyError(kind === 'script' ? BUSY_FUNCTION : BUSY_SCRIPT);
    run.isKilled = true;
    this.#node().log.write('warning', 'Lua script killed by user with SCRIPT KILL.');
  }

  // ── Scripts and libraries ─────────────────────────────────────────────────────────────────────

  /** @returns the flags that a call's script has declared; undefined: it is none, or unknown. */
  declaredBy(name: string, args: readonly Buffer[]): DeclaredFlags | undefined {
    const named = latin1(args[1]);
    switch (name) {
      case 'eval':
      case 'eval_ro':
        return this.#scripts.declaredIn(args[1]!);
      case 'evalsha':
      case 'evalsha_ro':
        return this.#scripts.get(named.toLowerCase())?.flags;
      default:
        return this.#libraries.get(named)?.flags;
    }
  }

  loadScript(body: Buffer): string {
    return this.#scripts.define(body).sha;
  }

  hasScript(sha: string): boolean {
    return this.#scripts.get(sha.toLowerCase()) !== undefined;
  }

  flushScripts(): void {
    this.#scripts.flush();
  }

  loadLibrary(code: Buffer, replaces: boolean): string {
    return this.#loading(() => this.#libraries.load(code, replaces));
  }

  /** A file or a full sync has it. @throws RingleaderError PROTOCOL_ERROR: it cannot be loaded. */
  takeLibrary(code: Buffer): void {
    this.#taking(() => this.#libraries.load(code, true));
  }

  /** As takeLibrary(), these in the place of all there are. */
  takeLibraries(codes: readonly Buffer[]): void {
    this.#taking(() => this.#libraries.restore(codes, 'flush'));
  }

  #taking(take: () => void): void {
    try {
      take();
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      const text = `Failed creating function, ${error.message.replace(/^ERR /, '')}`;
      throw new RingleaderError('PROTOCOL_ERROR', text, { cause: error });
    }
  }

  deleteLibrary(name: string): boolean {
    return this.#libraries.delete(name);
  }

  flushLibraries(): void {
    this.#libraries.flush();
  }

  restoreLibraries(codes: readonly Buffer[], policy: 'flush' | 'append' | 'replace'): void {
    this.#loading(() => this.#libraries.restore(codes, policy));
  }

  #loading<T>(load: () => T): T {
    this.#isLoading = true;
    this.#sliceAtMicros = this.#node().clock.wallMicros();
    try {
      return load();
    } finally {
      this.#isLoading = false;
    }
  }

  libraries(): ReturnType<Scripting['libraries']> {
    return this.#libraries.all();
  }

  sizes(): ReturnType<Scripting['sizes']> {
    return {
      scripts: this.#scripts.count,
      libraries: this.#libraries.all().length,
      functions: this.#libraries.functionCount,
      scriptBytes: this.#scripts.bodyBytes,
      functionBytes: this.#libraries.codeBytes,
      scriptStateBytes: this.#scripts.memoryBytes,
      functionStateBytes: this.#libraries.memoryBytes,
    };
  }
}

const NO_SCRIPT = 'NOSCRIPT No matching script. Please use EVAL.';
const BUSY_SCRIPT =
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.';
const BUSY_FUNCTION =
  'BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.';

/** @throws ReplyError: it is no number, negative, or more than there are arguments. */
function keyCountOf(command: readonly Buffer[], refusal?: string): number {
  const count = integerArg(command[2], refusal);
  if (count > command.length - 3) {
    throw new ReplyError("ERR Number of keys can't be greater than number of args");
  }
  if (count < 0) throw new ReplyError("ERR Number of keys can't be negative");
  return count;
}

function keysAndArguments(command: readonly Buffer[], keyCount: number): [Buffer[], Buffer[]] {
  return [command.slice(3, 3 + keyCount), command.slice(3 + keyCount)];
}
