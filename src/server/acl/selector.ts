/**
 * A selector: one set of permissions, which commands with which keys and channels. A user has one,
 * the root, and may have more; what any of them permits is permitted.
 *
 * @see redis/redis 7.0.15 src/acl.c, ACLSetSelector() and ACLSelectorCheckCmd()
 */
import { Glob } from '../../base/glob.js';
import { splitArgs } from '../../resp/split-args.js';
import { latin1, wordArg } from '../../commands/arguments.js';
import type { CommandFacts, ResolvedFacts } from '../../commands/facts.js';
import { keyPlaces } from '../../commands/key-search.js';
import type { KeyPlace } from '../../commands/key-specs.js';
import type { Denial } from '../../commands/access/control.js';

import { type Fault, hasBlanks } from './faults.js';
import type { KnownCommands } from './known-commands.js';

interface KeyPattern {
  readonly text: string;
  readonly glob: Glob;
  readonly read: boolean;
  readonly write: boolean;
}

interface ChannelPattern {
  readonly text: string;
  readonly glob: Glob;
}

export class Selector {
  readonly #known: KnownCommands;
  #allKeys = false;
  #allChannels: boolean;
  /** All commands, with none taken away: none need be looked up. */
  #allCommands = false;
  /** It began with all commands: those that are not there yet are in it too. */
  #future = false;
  readonly #commands = new Set<CommandFacts>();
  /** First arguments with which a command is permitted that is not by itself, lower case. */
  readonly #firstArgs = new Map<CommandFacts, string[]>();
  #keys: readonly KeyPattern[] = [];
  #channels: readonly ChannelPattern[] = [];

  /** @param allChannels - what `acl-pubsub-default` says. */
  constructor(known: KnownCommands, allChannels: boolean) {
    this.#known = known;
    this.#allChannels = allChannels;
  }

  copy(): Selector {
    const copy = new Selector(this.#known, this.#allChannels);
    copy.#allKeys = this.#allKeys;
    copy.#allCommands = this.#allCommands;
    copy.#future = this.#future;
    for (const spec of this.#commands) copy.#commands.add(spec);
    for (const [spec, args] of this.#firstArgs) copy.#firstArgs.set(spec, [...args]);
    copy.#keys = this.#keys;
    copy.#channels = this.#channels;
    return copy;
  }

  get allChannels(): boolean {
    return this.#allChannels;
  }

  get future(): boolean {
    return this.#future;
  }

  /** Commands that are permitted with any arguments. */
  get commands(): ReadonlySet<CommandFacts> {
    return this.#commands;
  }

  firstArgsOf(spec: CommandFacts): readonly string[] {
    return this.#firstArgs.get(spec) ?? [];
  }

  /** `~*`, or a word for each pattern. */
  keyWords(): string[] {
    if (this.#allKeys) return ['~*'];
    return this.#keys.map(({ text, read, write }) => {
      if (read && write) return `~${text}`;
      return `${read ? '%R' : '%W'}~${text}`;
    });
  }

  /** `&*`, or a word for each pattern. */
  channelWords(): string[] {
    return this.#allChannels ? ['&*'] : this.channelPatterns().map((text) => `&${text}`);
  }

  channelPatterns(): string[] {
    return this.#channels.map(({ text }) => text);
  }

  /** @returns null: the rule is in force. */
  apply(rule: string): Fault | null {
    switch (rule.toLowerCase()) {
      case 'allkeys':
      case '~*':
        this.#allKeys = true;
        this.#keys = [];
        return null;
      case 'resetkeys':
        this.#allKeys = false;
        this.#keys = [];
        return null;
      case 'allchannels':
      case '&*':
        this.#allChannels = true;
        this.#channels = [];
        return null;
      case 'resetchannels':
        this.#allChannels = false;
        this.#channels = [];
        return null;
      case 'allcommands':
      case '+@all':
        this.#setAll(true);
        return null;
      case 'nocommands':
      case '-@all':
        this.#setAll(false);
        return null;
      default:
    }
    if (rule.startsWith('~') || rule.startsWith('%')) return this.#addKeys(rule);
    if (rule.startsWith('&')) return this.#addChannels(rule.slice(1));
    if (!/^[+-]/.test(rule)) return 'syntax';
    const allow = rule.startsWith('+');
    if (rule[1] === '@') return this.#setCategory(rule.slice(2), allow);
    if (allow && rule.includes('|')) return this.#addPart(rule.slice(1));
    const resolved = this.#known.find(rule.slice(1));
    if (resolved === null) return 'unknown';
    this.setCommand(resolved.spec, allow);
    return null;
  }

  #setAll(allow: boolean): void {
    this.#allCommands = allow;
    this.#future = allow;
    this.#firstArgs.clear();
    this.#commands.clear();
    if (allow) for (const { spec } of this.#known.all) this.#commands.add(spec);
  }

  /** A container's subcommands go with it. */
  setCommand(spec: CommandFacts, allow: boolean): void {
    this.#firstArgs.delete(spec);
    for (const each of [spec, ...(spec.subcommands ?? [])]) {
      if (allow) this.#commands.add(each);
      else this.#commands.delete(each);
    }
    if (!allow) this.#allCommands = false;
  }

  #setCategory(name: string, allow: boolean): Fault | null {
    const specs = this.#known.inCategory(name);
    if (specs === null) return 'unknown';
    for (const spec of specs) this.setCommand(spec, allow);
    return null;
  }

  /** `config|get`, or a command that has no subcommands and one of its first arguments. */
  #addPart(name: string): Fault | null {
    const at = name.lastIndexOf('|');
    const base = this.#known.find(name.slice(0, at));
    const part = name.slice(at + 1);
    if (base === null) return 'unknown';
    if (base.container !== undefined) return 'subcommandArgument';
    if (part === '') return 'syntax';
    if (base.spec.subcommands !== undefined) {
      const resolved = this.#known.find(name);
      if (resolved === null) return 'unknown';
      this.setCommand(resolved.spec, true);
      return null;
    }
    const args = this.#firstArgs.get(base.spec) ?? [];
    this.#firstArgs.set(base.spec, args);
    if (!args.some((arg) => arg.toLowerCase() === part.toLowerCase())) args.push(part);
    return null;
  }

  #addKeys(rule: string): Fault | null {
    if (this.#allKeys) return 'allKeys';
    const [, access = '', text = ''] = /^%?([RWrw]*)(?:~([\s\S]*))?$/.exec(rule) ?? [];
    const isPlain = rule.startsWith('~');
    const letters = access.toUpperCase();
    const isRead = isPlain || letters.includes('R');
    const isWrite = isPlain || letters.includes('W');
    const isRepeated = letters.length > 2 || letters === 'RR' || letters === 'WW';
    const isMalformed = !isPlain && !/^%[RWrw]+(?:~|$)/.test(rule);
    if (isMalformed || isRepeated || hasBlanks(text)) return 'syntax';
    const glob = new Glob(Buffer.from(text, 'latin1'));
    const pattern = { text, glob, read: isRead, write: isWrite };
    const same = this.#keys.find((other) => other.text === text);
    this.#keys =
      same === undefined
        ? [...this.#keys, pattern]
        : this.#keys.map((other) =>
            other === same
              ? { ...pattern, read: isRead || same.read, write: isWrite || same.write }
              : other,
          );
    return null;
  }

  #addChannels(text: string): Fault | null {
    if (this.#allChannels) return 'allChannels';
    if (hasBlanks(text)) return 'syntax';
    if (this.#channels.some((other) => other.text === text)) return null;
    this.#channels = [...this.#channels, { text, glob: new Glob(Buffer.from(text, 'latin1')) }];
    return null;
  }

  /** Whether every call of these commands is permitted that names no channels. */
  permitsAll(specs: readonly CommandFacts[]): boolean {
    return this.#allKeys && specs.every((spec) => this.#permitsCommand(spec));
  }

  /** Whether any key at all may be read. */
  readsAllKeys(): boolean {
    return this.#allKeys || this.#keys.some(({ text, read }) => read && text === '*');
  }

  #permitsCommand(spec: CommandFacts): boolean {
    return this.#allCommands || spec.flags.includes('no_auth') || this.#commands.has(spec);
  }

  /** @returns null: it is permitted. */
  check({ spec, container }: ResolvedFacts, args: readonly Buffer[]): Denial | null {
    if (!this.#permitsCommand(spec)) {
      const first = wordArg(args[container === undefined ? 1 : 2]);
      const isPermitted =
        args.length > 1 && this.firstArgsOf(spec).some((arg) => arg.toLowerCase() === first);
      if (!isPermitted) return { what: 'command', at: 0 };
    }
    if (!this.#allKeys) {
      const denied = keyPlaces(spec, args).find((place) => !this.#permitsKey(args, place));
      if (denied !== undefined) return { what: 'key', at: denied.at };
    }
    const { channels } = spec;
    if (channels !== undefined && !this.#allChannels) {
      const end = channels.many ? args.length : 2;
      for (let at = 1; at < end; at++) {
        if (!this.permitsChannel(args[at], channels.arePatterns)) return { what: 'channel', at };
      }
    }
    return null;
  }

  #permitsKey(args: readonly Buffer[], { at, flags }: KeyPlace): boolean {
    const key = args[at];
    if (key === undefined) return true;
    const reads = flags.includes('access');
    const writes = flags.some((flag) => ['insert', 'delete', 'update'].includes(flag));
    return this.#keys.some(
      ({ glob, read, write }) => (read || !reads) && (write || !writes) && glob.matches(key),
    );
  }

  /** A pattern is permitted if it is one of those in the rules, letter by letter. */
  permitsChannel(channel: Buffer | undefined, isPattern: boolean): boolean {
    if (this.#allChannels || channel === undefined) return true;
    return this.#channels.some(({ text, glob }) =>
      isPattern ? text === latin1(channel) : glob.matches(channel),
    );
  }
}

/** @param rule - `(…)`. @returns the selector, or what is wrong inside. */
export function readSelector(
  known: KnownCommands,
  allChannels: boolean,
  rule: string,
): Selector | Fault {
  const selector = new Selector(known, allChannels);
  for (const word of splitArgs(rule.slice(1, -1)) ?? []) {
    const fault = selector.apply(word);
    if (fault !== null) return fault;
  }
  return selector;
}
