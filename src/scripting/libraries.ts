/**
 * Libraries of functions: loaded, replaced, deleted, called.
 *
 * Rule: a library is linked whole or not at all. What its code has made in the Lua state stays
 * there, with what its functions keep between calls, until the library goes.
 *
 * @see redis/redis 7.0.15 src/functions.c
 */
import { ReplyError } from '../resp/reply.js';
import type { LuaValue } from './engine-values.js';
import type { ScriptHost } from './lua-machine.js';
import { type LuaEngine, LuaState, type RunOutcome } from './lua-state.js';
import { LIBRARIES_PRELUDE } from './prelude.js';
import { isScriptFlag, libraryHead, SCRIPT_FLAGS, type ScriptFlag } from './script-flags.js';

export interface LibraryFunction {
  readonly name: string;
  /** null: it has none. */
  readonly description: Buffer | null;
  readonly flags: ReadonlySet<ScriptFlag>;
}

export interface Library {
  readonly name: string;
  readonly code: Buffer;
  readonly functions: readonly LibraryFunction[];
}

/** One that the state knows by a number. */
interface Loaded extends Library {
  readonly id: number;
}

interface Callable {
  readonly library: Loaded;
  readonly name: string;
  readonly flags: ReadonlySet<ScriptFlag>;
}

export class Libraries {
  readonly #state: LuaState;
  readonly #libraries = new Map<string, Loaded>();
  /** By name in lower case: case does not tell functions apart. */
  readonly #functions = new Map<string, Callable>();
  #nextId = 1;

  constructor(engine: LuaEngine, host: ScriptHost) {
    this.#state = new LuaState(engine, host, LIBRARIES_PRELUDE);
  }

  all(): readonly Library[] {
    return [...this.#libraries.values()];
  }

  get functionCount(): number {
    return this.#functions.size;
  }

  get codeBytes(): number {
    return this.all().reduce((sum, { code }) => sum + code.length, 0);
  }

  get memoryBytes(): number {
    return this.#state.memoryBytes;
  }

  get(functionName: string): Callable | undefined {
    return this.#functions.get(functionName.toLowerCase());
  }

  /** FUNCTION LOAD. @returns the library's name. @throws ReplyError: nothing has changed. */
  load(code: Buffer, replaces: boolean): string {
    const made = this.#make(code, (name) => !replaces && this.#libraries.has(name));
    const replaced = this.#libraries.get(made.name);
    const taken = this.#takenBy([made], new Set([made.name]));
    if (taken !== null) {
      this.#drop(made);
      throw new ReplyError(`ERR Function ${taken} already exists`);
    }
    if (replaced !== undefined) this.#unlink(replaced);
    this.#link(made);
    return made.name;
  }

  /** FUNCTION DELETE. @returns false: there is none of that name. */
  delete(name: string): boolean {
    const library = this.#libraries.get(name);
    if (library !== undefined) this.#unlink(library);
    return library !== undefined;
  }

  /** FUNCTION FLUSH. */
  flush(): void {
    this.#libraries.clear();
    this.#functions.clear();
    this.#state.drop();
  }

  /**
   * FUNCTION RESTORE.
   *
   * @param policy - `flush` takes the others away; `replace` those of the same names; `append`
   * none.
   * @throws ReplyError: nothing has changed.
   */
  restore(codes: readonly Buffer[], policy: 'flush' | 'append' | 'replace'): void {
    const made = new Map<string, Loaded>();
    try {
      for (const code of codes) {
        const library = this.#make(code, (name) => made.has(name));
        made.set(library.name, library);
        const taken = firstTaken([...made.values()]);
        if (taken !== null) throw new ReplyError(`ERR Function ${taken} already exists`);
      }
      const known = [...made.keys()].find((name) => this.#libraries.has(name));
      if (known !== undefined && policy === 'append') {
        throw new ReplyError(`ERR Library ${known} already exists`);
      }
      const taken =
        policy === 'flush' ? null : this.#takenBy([...made.values()], new Set(made.keys()));
      if (taken !== null) throw new ReplyError(`ERR Function ${taken} already exists`);
    } catch (error) {
      for (const library of made.values()) this.#drop(library);
      throw error;
    }
    for (const library of this.#libraries.values()) {
      if (policy === 'flush' || made.has(library.name)) this.#unlink(library);
    }
    for (const library of made.values()) this.#link(library);
  }

  /** @param resp - of the client that is answered. */
  run(
    name: string,
    resp: number,
    keys: readonly Uint8Array[],
    args: readonly Uint8Array[],
  ): RunOutcome {
    if (!this.#state.exists) this.#reload();
    const { library, name: own } = this.get(name)!;
    return this.#state.run(`'call',${library.id},'${own}',${resp}`, keys, args);
  }

  resume(): RunOutcome {
    return this.#state.resume();
  }

  /** The state was lost: the libraries' code is run again. */
  #reload(): void {
    for (const { code } of this.all()) this.load(code, true);
  }

  /** @param isRefused - whether there must be no library of that name. */
  #make(code: Buffer, isRefused: (name: string) => boolean): Loaded {
    const head = libraryHead(code);
    if (head.engine.toUpperCase() !== 'LUA') {
      throw new ReplyError(`ERR Engine '${head.engine}' not found`);
    }
    if (isRefused(head.name)) throw new ReplyError(`ERR Library '${head.name}' already exists`);
    const id = this.#nextId++;
    const answer = this.#state.operate(`'load',${id}`, [head.code]);
    if (!Array.isArray(answer)) throw new ReplyError(`ERR ${refusalText(answer)}`);
    const functions = answer.map(readFunction);
    const library = { id, name: head.name, code: Buffer.from(code), functions };
    if (functions.length === 0) {
      this.#drop(library);
      throw new ReplyError('ERR No functions registered');
    }
    return library;
  }

  /** @returns a function's name that another library has. */
  #takenBy(made: readonly Loaded[], replaced: ReadonlySet<string>): string | null {
    for (const { functions } of made) {
      for (const { name } of functions) {
        const other = this.get(name);
        if (other !== undefined && !replaced.has(other.library.name)) return name;
      }
    }
    return null;
  }

  #link(library: Loaded): void {
    this.#libraries.set(library.name, library);
    for (const { name, flags } of library.functions) {
      this.#functions.set(name.toLowerCase(), { library, name, flags });
    }
  }

  #unlink(library: Loaded): void {
    this.#libraries.delete(library.name);
    for (const { name } of library.functions) this.#functions.delete(name.toLowerCase());
    this.#drop(library);
  }

  #drop({ id }: Loaded): void {
    if (this.#state.exists) this.#state.operate(`'drop',${id}`, []);
  }
}

/** @returns a function's name that two of them have. */
function firstTaken(libraries: readonly Library[]): string | null {
  const seen = new Set<string>();
  for (const { functions } of libraries) {
    for (const { name } of functions) {
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return null;
}

function refusalText(answer: LuaValue): string {
  if (Buffer.isBuffer(answer)) return answer.toString('latin1');
  return String(Object(answer)['error'] ?? 'the library could not be loaded');
}

/** @param value - its name, description and flags. */
function readFunction(value: LuaValue): LibraryFunction {
  const [name, description, flags] = Array.isArray(value) ? value : [];
  const names = Array.isArray(flags) ? flags.map(String) : [];
  return {
    name: String(name),
    description: Buffer.isBuffer(description) ? description : null,
    flags: new Set(SCRIPT_FLAGS.filter((flag) => names.includes(flag) && isScriptFlag(flag))),
  };
}
