/**
 * One Lua state: an instance of the engine's module (scripts/lua-wasm.mjs), with what Emscripten's
 * code wants of its surroundings, and a script that can be left and taken up again.
 *
 * Rule: while a script is left, nothing else runs in the state: its C stack stays as it is.
 * Leaving is Binaryen's "asyncify": the functions under way return one by one, having noted their
 * variables in `#frames`, and are called again from the outermost when the script goes on.
 *
 * @see https://github.com/WebAssembly/binaryen src/passes/Asyncify.cpp
 */
import { assert } from '../base/assert.js';
import { sha1 } from '../base/sha1.js';
import { decodeValue, type LuaValue, writeRaised, writeReply } from './engine-values.js';

/** What scripts want of the node. */
export interface ScriptHost {
  /** Run a command. @returns its reply as RESP. */
  command(args: readonly Buffer[]): Uint8Array;
  /** What the prelude asks or says beside commands: `resp`, `repl`, `acl`. @returns its answer. */
  tell(what: string, args: readonly Buffer[]): string;
  log(level: number, text: Buffer): void;
  /** Asked every thousand instructions of Lua's. */
  pace(mayLeave: boolean): Pace;
}

/** Go on; leave the script for now; or end it by an error. */
export type Pace = 'go' | 'leave' | 'kill';

interface LuaExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly __indirect_function_table: { get(index: number): (one: number, other: number) => void };
  __wasm_call_ctors(): void;
  set_compat(flags: number): void;
  init(): number;
  eval_with_args(
    result: number,
    code: number,
    codeBytes: number,
    args: number,
    argBytes: number,
    keys: number,
  ): void;
  alloc(bytes: number): number;
  free_mem(at: number): void;
  setThrew(threw: number, value: number): void;
  emscripten_stack_get_current(): number;
  _emscripten_stack_restore(at: number): void;
  asyncify_start_unwind(frames: number): void;
  asyncify_stop_unwind(): void;
  asyncify_start_rewind(frames: number): void;
  asyncify_stop_rewind(): void;
}

/** Room for the variables of what is under way: C functions nest 200 deep at the most. */
const FRAME_BYTES = 1024 * 1024;
const PAGE_BYTES = 64 * 1024;
/** Of Lua's Table: whether it is read-only. */
const READONLY_OFFSET = 8;

const DIGEST = 's'.codePointAt(0);
const MINUS = '-'.codePointAt(0);

/** Thrown through C's frames in place of longjmp(). */
const LONG_JUMP = new Error('longjmp');

interface Evaluation {
  readonly result: number;
  readonly code: number;
  readonly codeBytes: number;
  readonly args: number;
  readonly argBytes: number;
  readonly keyCount: number;
}

export class LuaMachine {
  readonly #host: ScriptHost;
  readonly #exports: LuaExports;
  #phase: 'normal' | 'leaving' | 'returning' = 'normal';
  #frames = 0;
  #running: Evaluation | null = null;
  #handlers = 0;

  constructor(module: WebAssembly.Module, host: ScriptHost, prelude: string, secret: string) {
    this.#host = host;
    const { exports } = new WebAssembly.Instance<LuaExports>(module, this.#imports(module));
    this.#exports = exports;
    exports.__wasm_call_ctors();
    exports.set_compat(0); // Redis 7.0: no print, no os.
    assert(exports.init() === 0, 'Lua did not begin');
    this.#prepare(prelude, secret);
  }

  /** Bytes that it has taken for itself. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** @returns the value; null: the script was left, and resume() takes it up again. */
  evaluate(code: string, keys: readonly Uint8Array[], args: readonly Uint8Array[]): LuaOutcome {
    assert(this.#running === null, 'a script runs already');
    const codeBytes = Buffer.from(code, 'latin1');
    const all = argumentBytes([...keys, ...args]);
    this.#running = {
      result: this.#exports.alloc(8),
      code: this.#put(codeBytes),
      codeBytes: codeBytes.length,
      args: this.#put(all),
      argBytes: all.length,
      keyCount: keys.length,
    };
    this.#handlers = 0;
    return this.#go();
  }

  /** Take up the script that was left. */
  resume(): LuaOutcome {
    assert(this.#running !== null, 'no script was left');
    this.#phase = 'returning';
    this.#exports.asyncify_start_rewind(this.#frames);
    return this.#go();
  }

  #go(): LuaOutcome {
    const exports = this.#exports;
    const running = this.#running!;
    exports.eval_with_args(
      running.result,
      running.code,
      running.codeBytes,
      running.args,
      running.argBytes,
      running.keyCount,
    );
    if (this.#phase === 'leaving') {
      exports.asyncify_stop_unwind();
      this.#phase = 'normal';
      return { state: 'left' };
    }
    this.#running = null;
    const memory = this.#bytes();
    const at = memory.readUInt32LE(running.result);
    const length = memory.readUInt32LE(running.result + 4);
    const value = decodeValue(memory.subarray(at, at + length));
    for (const block of [at, running.result, running.code, running.args]) exports.free_mem(block);
    return { state: 'done', value };
  }

  /** The globals are opened for the prelude, and closed with what it has made. */
  #prepare(prelude: string, secret: string): void {
    const where = this.#evaluateNow('return tostring(_G)', []);
    const globals = Number.parseInt(text(where).replace(/^.*0x/, ''), 16);
    assert(globals > 0, 'Lua has no globals');
    this.#setReadonly(globals, false);
    const run = "return assert(loadstring(ARGV[1], '=ringleader'))(ARGV[2])";
    const made = this.#evaluateNow(run, [Buffer.from(prelude), Buffer.from(secret)]);
    for (const place of text(made).split(' ')) {
      this.#setReadonly(Number.parseInt(place, 16), true);
    }
  }

  #evaluateNow(code: string, args: readonly Uint8Array[]): LuaValue {
    const outcome = this.evaluate(code, [], args);
    assert(outcome.state === 'done', 'the prelude was left');
    return outcome.value;
  }

  #setReadonly(table: number, isReadonly: boolean): void {
    this.#bytes().writeUInt32LE(isReadonly ? 1 : 0, table + READONLY_OFFSET);
  }

  /** The memory, until it grows. */
  #bytes(): Buffer {
    return Buffer.from(this.#exports.memory.buffer);
  }

  #put(bytes: Uint8Array): number {
    const at = this.#exports.alloc(Math.max(1, bytes.length));
    this.#bytes().set(bytes, at);
    return at;
  }

  /** Answer the engine: a block of its memory, which it frees. */
  #answer(result: number, bytes: Uint8Array): void {
    const at = this.#put(bytes);
    const memory = this.#bytes();
    memory.writeUInt32LE(at, result);
    memory.writeUInt32LE(bytes.length, result + 4);
  }

  #arguments(at: number, length: number): Buffer[] {
    const memory = this.#bytes();
    const args: Buffer[] = [];
    for (let from = at + 4; from < at + length;) {
      const size = memory.readUInt32LE(from);
      args.push(Buffer.from(memory.subarray(from + 4, from + 4 + size)));
      from += 4 + size;
    }
    return args;
  }

  /** @returns 1: the script is to end. */
  #hook(): number {
    const exports = this.#exports;
    if (this.#phase === 'returning') {
      exports.asyncify_stop_rewind();
      this.#phase = 'normal';
      return this.#host.pace(false) === 'kill' ? 1 : 0;
    }
    const pace = this.#host.pace(this.#handlers === 0);
    if (pace !== 'leave') return pace === 'kill' ? 1 : 0;
    if (this.#frames === 0) this.#frames = exports.alloc(FRAME_BYTES);
    const memory = this.#bytes();
    memory.writeUInt32LE(this.#frames + 8, this.#frames);
    memory.writeUInt32LE(this.#frames + FRAME_BYTES, this.#frames + 4);
    this.#phase = 'leaving';
    exports.asyncify_start_unwind(this.#frames);
    return 0;
  }

  /** Of what the prelude asks by redis.sha1hex: a digest, or something else. */
  #tell(asked: Buffer): string {
    if (asked[0] === DIGEST) return Buffer.from(sha1(asked.subarray(1))).toString('hex');
    const gap = asked.indexOf(' ');
    const what = asked.toString('latin1', 1, gap);
    if (what === 'enter') this.#handlers++;
    else if (what === 'leave') this.#handlers--;
    else return this.#host.tell(what, words(asked.subarray(gap + 1)));
    return '';
  }

  #command(at: number, length: number, raises: boolean): Uint8Array {
    const args = this.#arguments(at, length);
    const reply = this.#host.command(args);
    if (!raises || reply[0] !== MINUS) return writeReply(reply);
    return writeRaised(reply, args.length > 0);
  }

  #imports(module: WebAssembly.Module): Record<string, Record<string, unknown>> {
    const imports: Record<string, Record<string, unknown>> = {};
    for (const { module: place, name } of WebAssembly.Module.imports(module)) {
      (imports[place] ??= {})[name] = () => {
        throw new Error(`Lua called ${name}`);
      };
    }
    Object.assign(imports['env']!, this.#surroundings());
    return imports;
  }

  #surroundings(): Record<string, unknown> {
    return {
      host_hook: () => this.#hook(),
      host_redis_props: (result: number) => {
        this.#bytes().fill(0, result, result + 8);
      },
      host_redis_setresp: (version: number) => {
        this.#host.tell('resp', [Buffer.from(String(version))]);
      },
      host_redis_log: (level: number, at: number, length: number) => {
        this.#host.log(level, Buffer.from(this.#bytes().subarray(at, at + length)));
      },
      host_sha1hex: (result: number, at: number, length: number) => {
        // An answer of no bytes would be an error.
        const answer = this.#tell(Buffer.from(this.#bytes().subarray(at, at + length)));
        this.#answer(result, Buffer.from(answer === '' ? ' ' : answer));
      },
      host_redis_call: (result: number, at: number, length: number) => {
        this.#answer(result, this.#command(at, length, true));
      },
      host_redis_pcall: (result: number, at: number, length: number) => {
        this.#answer(result, this.#command(at, length, false));
      },
      emscripten_resize_heap: (bytes: number) => this.#grow(bytes),
      _emscripten_throw_longjmp: () => {
        throw LONG_JUMP;
      },
      invoke_vii: (index: number, one: number, other: number) => {
        const exports = this.#exports;
        const stack = exports.emscripten_stack_get_current();
        try {
          exports.__indirect_function_table.get(index)(one, other);
        } catch (error) {
          if (error !== LONG_JUMP) throw error;
          exports._emscripten_stack_restore(stack);
          exports.setThrew(1, 0);
        }
      },
    };
  }

  #grow(wanted: number): number {
    const { memory } = this.#exports;
    const present = memory.buffer.byteLength;
    for (const bytes of [Math.max(wanted, present + present / 2), wanted]) {
      try {
        memory.grow(Math.ceil((bytes - present) / PAGE_BYTES));
        return 1;
      } catch {
        // Over the maximum.
      }
    }
    return 0;
  }
}

export type LuaOutcome =
  | { readonly state: 'done'; readonly value: LuaValue }
  | { readonly state: 'left' };

function text(value: LuaValue): string {
  assert(Buffer.isBuffer(value), `the prelude failed: ${String(Object(value)['error'])}`);
  return value.toString('latin1');
}

/** @param bytes - words, each behind its length and a colon. */
function words(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const colon = bytes.indexOf(':', at);
    const end = colon + 1 + Number(bytes.toString('latin1', at, colon));
    found.push(bytes.subarray(colon + 1, end));
    at = end;
  }
  return found;
}

/** The engine's list: how many, then each with its length in front. */
function argumentBytes(args: readonly Uint8Array[]): Buffer {
  const total = args.reduce((sum, { length }) => sum + 4 + length, 4);
  const bytes = Buffer.allocUnsafe(total);
  let at = bytes.writeUInt32LE(args.length, 0);
  for (const arg of args) {
    at = bytes.writeUInt32LE(arg.length, at);
    bytes.set(arg, at);
    at += arg.length;
  }
  return bytes;
}
