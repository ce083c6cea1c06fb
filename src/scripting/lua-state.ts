/**
 * A Lua state that is made when it is first used, and made anew after an error of the host has
 * left it in an unknown state.
 */
import { ReplyError } from '../resp/reply.js';
import type { LuaValue } from './engine-values.js';
import { LuaMachine, type LuaOutcome, type ScriptHost } from './lua-machine.js';

/** Where the engine comes from. */
export interface LuaEngine {
  /** @returns the compiled module; asked for once, when the first script comes. */
  module(): WebAssembly.Module;
  /** A word that scripts cannot guess. */
  readonly secret: string;
}

/** How a script has ended, or that it has not. */
export type RunOutcome =
  | { readonly state: 'left' }
  | {
      readonly state: 'done';
      /** RESP. */
      readonly reply: Buffer;
      /**
       * Whether the reply is an error, and whether the command that it comes from has been counted.
       */
      readonly error: 'none' | 'new' | 'counted';
    };

/** In front of a result (prelude-results.ts). */
const NEW_ERROR = 1;
const COUNTED_ERROR = 2;

export class LuaState {
  readonly #engine: LuaEngine;
  readonly #host: ScriptHost;
  readonly #prelude: string;
  #machine: LuaMachine | null = null;

  constructor(engine: LuaEngine, host: ScriptHost, prelude: string) {
    this.#engine = engine;
    this.#host = host;
    this.#prelude = prelude;
  }

  get exists(): boolean {
    return this.#machine !== null;
  }

  get memoryBytes(): number {
    return this.#machine?.memoryBytes ?? 0;
  }

  /** Forget it. */
  drop(): void {
    this.#machine = null;
  }

  /** Have one of the prelude's operations done that is never left. */
  operate(operation: string, args: readonly Uint8Array[]): LuaValue {
    const outcome = this.#guarded((machine) => machine.evaluate(this.#code(operation), [], args));
    return outcome.state === 'done' ? outcome.value : null;
  }

  run(operation: string, keys: readonly Uint8Array[], args: readonly Uint8Array[]): RunOutcome {
    return ended(this.#guarded((machine) => machine.evaluate(this.#code(operation), keys, args)));
  }

  /** Go on with a run that was left. */
  resume(): RunOutcome {
    return ended(this.#guarded((machine) => machine.resume()));
  }

  #code(operation: string): string {
    return `return __redis__err__handler('${this.#engine.secret}',${operation})`;
  }

  /** What is thrown through Lua leaves it in the middle of something. */
  #guarded(work: (machine: LuaMachine) => LuaOutcome): LuaOutcome {
    const { secret } = this.#engine;
    this.#machine ??= new LuaMachine(this.#engine.module(), this.#host, this.#prelude, secret);
    try {
      return work(this.#machine);
    } catch (error) {
      this.#machine = null;
      if (error instanceof RangeError || Object(error)['name'] === 'RuntimeError') {
        throw new ReplyError(`ERR Error running script: ${String(Object(error)['message'])}`, {
          cause: error,
        });
      }
      throw error;
    }
  }
}

function ended(outcome: LuaOutcome): RunOutcome {
  if (outcome.state === 'left') return outcome;
  const { value } = outcome;
  if (!Buffer.isBuffer(value)) {
    const text = String(Object(value)['error'] ?? 'it has no result').replaceAll(/[\r\n]/g, ' ');
    const reply = Buffer.from(`-ERR Error running script: ${text}\r\n`, 'latin1');
    return { state: 'done', reply, error: 'new' };
  }
  if (value[0] === NEW_ERROR) return { state: 'done', reply: value.subarray(1), error: 'new' };
  if (value[0] === COUNTED_ERROR) {
    return { state: 'done', reply: value.subarray(1), error: 'counted' };
  }
  return { state: 'done', reply: value, error: 'none' };
}
