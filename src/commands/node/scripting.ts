/** Scripts and functions. */
import type { Blocked, RawReply } from '../../resp/command-answer.js';
import type { CommandClient } from './clients.js';

/** A function of a library, for FUNCTION LIST. */
interface ScriptedFunction {
  readonly name: string;
  readonly description: Buffer | null;
  readonly flags: Iterable<string>;
}

interface ScriptedLibrary {
  readonly name: string;
  readonly code: Buffer;
  readonly functions: readonly ScriptedFunction[];
}

/** Lua: EVAL's scripts, and libraries of functions. */
export interface Scripting {
  /** EVAL and its like. @param how - `isSha`: the script is named by its SHA-1. */
  evaluate(
    client: CommandClient,
    args: readonly Buffer[],
    how: { readonly isSha: boolean; readonly isReadOnly: boolean },
  ): RawReply | Blocked;
  /** FCALL and FCALL_RO. */
  callFunction(
    client: CommandClient,
    args: readonly Buffer[],
    how: { readonly isReadOnly: boolean },
  ): RawReply | Blocked;
  /** SCRIPT LOAD. @returns the script's SHA-1. @throws ReplyError */
  loadScript(body: Buffer): string;
  hasScript(sha: string): boolean;
  flushScripts(): void;
  /** SCRIPT KILL, FUNCTION KILL. @throws ReplyError: there is none, or it must not be ended. */
  kill(kind: 'script' | 'function'): void;
  /** FUNCTION LOAD. @returns the library's name. @throws ReplyError */
  loadLibrary(code: Buffer, replaces: boolean): string;
  deleteLibrary(name: string): boolean;
  flushLibraries(): void;
  /** @throws ReplyError */
  restoreLibraries(codes: readonly Buffer[], policy: 'flush' | 'append' | 'replace'): void;
  libraries(): readonly ScriptedLibrary[];
  /** The script that others find this node busy with; null: none. */
  busyWith(): {
    readonly kind: 'script' | 'function';
    readonly name: string;
    readonly command: readonly Buffer[];
    readonly runsForMs: number;
  } | null;
  /** Of INFO. */
  sizes(): {
    readonly scripts: number;
    readonly libraries: number;
    readonly functions: number;
    /** Bytes of text. */
    readonly scriptBytes: number;
    readonly functionBytes: number;
    /** Bytes that Lua has taken. */
    readonly scriptStateBytes: number;
    readonly functionStateBytes: number;
  };
}
