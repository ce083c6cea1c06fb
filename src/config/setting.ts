/**
 * One directive of redis.conf: its name, how its words are read, what it holds now.
 *
 * A setting is a typed cell (`config.port.value` is a number) with the three things Redis does to
 * a directive: set it from words, show it as CONFIG GET does, put back an earlier value.
 */

import { quoteIfNeeded } from '../resp/split-args.js';

/** A directive's words are not acceptable. `message` is Redis' text for the reason. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** When a directive may change. */
export type Mutability =
  | 'mutable' // By CONFIG SET.
  | 'immutable' // At start only.
  | 'protected'; // By CONFIG SET only where enable-protected-configs allows it.

/** How a directive's words become a value, and the value one line of text. */
export interface Kind<T> {
  /** Takes any number of words; the others take exactly one. */
  readonly many: boolean;
  /**
   * @param previous - the value so far; kept in part by directives that name a part of it.
   * @param adding - a further line of the same file: add to what the earlier ones gave.
   * @throws SettingError
   */
  parse(words: readonly string[], previous: T, adding: boolean): T;
  format(value: T): string;
  /**
   * What stands behind the directive's name in a file, a text for each line; none: there is nothing
   * to be said. Absent: one line with what `format` gives, quoted where it must be.
   */
  fileLines?(value: T): readonly string[];
}

export interface SettingOptions {
  readonly mutability?: Mutability;
  /** Other spellings: Redis' old ones and Valkey's. */
  readonly aliases?: readonly string[];
  /** Shown by CONFIG GET only under its full name. */
  readonly hidden?: boolean;
  readonly effect?: Effect;
  /** It names a file: setting it to what it was has the file read again. */
  readonly isVolatile?: boolean;
  /** CONFIG SET is answered LOADING while a data set is loaded. */
  readonly isFixedWhileLoading?: boolean;
  /** Why a value that is merely accepted is of no consequence. */
  readonly because?: string;
}

/** What setting a directive does. @see inert.ts */
export type Effect =
  | 'obeyed'
  | 'accepted' // Nothing that anyone relies on.
  | 'refused'; // It would promise what does not happen: only the default is taken.

export class Setting<T> {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly mutability: Mutability;
  readonly hidden: boolean;
  readonly effect: Effect;
  readonly isVolatile: boolean;
  readonly isFixedWhileLoading: boolean;
  /** '': its effect needs no reason. */
  readonly because: string;
  readonly #kind: Kind<T>;
  readonly #default: T;
  #value: T;
  #given = false;
  #apply: ((value: T) => string | null) | null = null;
  #applyLater: (() => Promise<string | null>) | null = null;

  constructor(name: string, kind: Kind<T>, initial: T, options: SettingOptions = {}) {
    this.name = name;
    this.aliases = options.aliases ?? [];
    this.mutability = options.mutability ?? 'mutable';
    this.hidden = options.hidden ?? false;
    this.effect = options.effect ?? 'obeyed';
    this.isVolatile = options.isVolatile ?? false;
    this.isFixedWhileLoading = options.isFixedWhileLoading ?? false;
    this.because = options.because ?? '';
    this.#kind = kind;
    this.#default = initial;
    this.#value = initial;
  }

  get value(): T {
    return this.#value;
  }

  get takesMany(): boolean {
    return this.#kind.many;
  }

  /** Whether it was set, in a file or by CONFIG SET. */
  get given(): boolean {
    return this.#given;
  }

  /** @returns the value as CONFIG GET shows it. */
  text(): string {
    return this.#kind.format(this.#value);
  }

  /** @returns the default as CONFIG GET would show it. */
  defaultText(): string {
    return this.#kind.format(this.#default);
  }

  /** @returns what stands behind its name in a file, a text for each line. */
  fileLines(): readonly string[] {
    const lines = this.#linesOf(this.#value);
    // Without a line it would be the default.
    return lines.length === 0 && this.text() !== this.defaultText() ? ['""'] : lines;
  }

  /** @returns the same for the default. */
  defaultFileLines(): readonly string[] {
    return this.#linesOf(this.#default);
  }

  #linesOf(value: T): readonly string[] {
    if (this.#kind.fileLines !== undefined) return this.#kind.fileLines(value);
    const text = this.#kind.format(value);
    const words = this.#kind.many ? text.split(' ') : [text];
    return [words.map(quoteIfNeeded).join(' ')];
  }

  /**
   * Read the value from a directive's words.
   *
   * @param from - a file's later lines may add to its earlier ones; a command starts anew.
   * @throws SettingError with Redis' text for what is wrong.
   */
  set(words: readonly string[], from: 'file' | 'command' = 'command'): void {
    if (!this.#kind.many && words.length !== 1) throw new SettingError('wrong number of arguments');
    const value = this.#kind.parse(words, this.#value, from === 'file' && this.#given);
    if (this.effect === 'refused' && this.#kind.format(value) !== this.defaultText()) {
      throw new SettingError(
        `'${this.name}' is not supported by ringleader: it is always '${this.defaultText()}'`,
      );
    }
    this.#value = value;
    this.#given = true;
  }

  /** Set it from inside the program, past every check. */
  assign(value: T): void {
    this.#value = value;
  }

  /** @returns a function that puts the present value back. */
  backup(): () => void {
    const value = this.#value;
    const given = this.#given;
    return () => {
      this.#value = value;
      this.#given = given;
    };
  }

  /**
   * Say what has to happen when CONFIG SET changes the value.
   *
   * @param apply - returns null, or why the value cannot be used; the old one is then put back.
   */
  onChange(apply: (value: T) => string | null): void {
    this.#apply = apply;
  }

  /** @returns null, or why the present value cannot be used. */
  apply(): string | null {
    return this.#apply === null ? null : this.#apply(this.#value);
  }

  /**
   * Likewise, where it takes a while: the client of CONFIG SET waits.
   *
   * @param apply - resolves to null, or why the value cannot be used.
   */
  onChangeLater(apply: () => Promise<string | null>): void {
    this.#applyLater = apply;
  }

  /** Whether applying takes a while. */
  get isAppliedLater(): boolean {
    return this.#applyLater !== null;
  }

  /** @returns null, or why the present value cannot be used. */
  async applyLater(): Promise<string | null> {
    return this.#applyLater === null ? null : this.#applyLater();
  }
}
