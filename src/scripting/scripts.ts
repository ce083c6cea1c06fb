/**
 * EVAL's scripts: by the SHA-1 of their text, compiled once.
 *
 * @see redis/redis 7.0.15 src/eval.c, luaCreateFunction()
 */
import { sha1 } from '../base/sha1.js';
import { ReplyError } from '../resp/reply.js';
import type { ScriptHost } from './lua-machine.js';
import { type LuaEngine, LuaState, type RunOutcome } from './lua-state.js';
import { SCRIPTS_PRELUDE } from './prelude.js';
import { type DeclaredFlags, scriptHead } from './script-flags.js';

interface Script {
  /** 40 hexadecimal digits. */
  readonly sha: string;
  readonly body: Buffer;
  readonly flags: DeclaredFlags;
}

export class Scripts {
  readonly #state: LuaState;
  readonly #scripts = new Map<string, Script>();
  /** Those that the present state has compiled. */
  readonly #compiled = new Set<string>();
  #bodyBytes = 0;

  constructor(engine: LuaEngine, host: ScriptHost) {
    this.#state = new LuaState(engine, host, SCRIPTS_PRELUDE);
  }

  get count(): number {
    return this.#scripts.size;
  }

  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  get memoryBytes(): number {
    return this.#state.memoryBytes;
  }

  /** @param sha - in lower case. */
  get(sha: string): Script | undefined {
    return this.#scripts.get(sha);
  }

  /** @returns the flags of a script that may be new; undefined: its first line is wrong. */
  declaredIn(body: Buffer): DeclaredFlags | undefined {
    try {
      return scriptHead(body).flags;
    } catch (error) {
      if (error instanceof ReplyError) return undefined;
      throw error;
    }
  }

  /** @throws ReplyError: its first line is wrong, or it does not compile. */
  define(body: Buffer): Script {
    const sha = Buffer.from(sha1(body)).toString('hex');
    const known = this.#scripts.get(sha);
    if (known !== undefined) return known;
    const { flags, code } = scriptHead(body);
    this.#compile(sha, code);
    const script = { sha, body: Buffer.from(body), flags };
    this.#scripts.set(sha, script);
    this.#bodyBytes += body.length;
    return script;
  }

  /** SCRIPT FLUSH. */
  flush(): void {
    this.#scripts.clear();
    this.#compiled.clear();
    this.#bodyBytes = 0;
    this.#state.drop();
  }

  /** @param resp - of the client that is answered. */
  run(
    { sha, body }: Script,
    resp: number,
    keys: readonly Uint8Array[],
    args: readonly Uint8Array[],
  ): RunOutcome {
    if (!this.#state.exists) this.#compiled.clear();
    if (!this.#compiled.has(sha)) this.#compile(sha, scriptHead(body).code);
    return this.#state.run(`'run','${sha}',${resp}`, keys, args);
  }

  resume(): RunOutcome {
    return this.#state.resume();
  }

  #compile(sha: string, code: Buffer): void {
    if (!this.#state.exists) this.#compiled.clear();
    const refusal = this.#state.operate(`'define','${sha}'`, [code]);
    if (!Buffer.isBuffer(refusal) || refusal.length > 0) {
      const text = Buffer.isBuffer(refusal) ? refusal.toString('latin1') : 'no memory';
      throw new ReplyError(`ERR Error compiling script (new function): ${text}`);
    }
    this.#compiled.add(sha);
  }
}
