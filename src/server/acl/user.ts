/**
 * A user: who may log in by which passwords, and what it may do then.
 *
 * @see redis/redis 7.0.15 src/acl.c, ACLSetUser() and ACLDescribeUser()
 */
import { sha256Hex } from '../../base/sha256.js';
import { timingSafeEqual } from '../../commands/connection/timing-safe.js';
import type { Denial } from '../../commands/access/control.js';
import type { AccessUser, SelectorText } from '../../commands/access/user.js';
import type { ResolvedFacts } from '../../commands/facts.js';
import { commandRules } from './describe.js';
import type { Fault } from './faults.js';
import type { KnownCommands } from './known-commands.js';
import { readSelector, Selector } from './selector.js';

/** What all users of a node share. */
export interface UserRules {
  readonly known: KnownCommands;
  /** `acl-pubsub-default`: what a new selector says of channels. */
  readonly allChannels: () => boolean;
}

export class User implements AccessUser {
  readonly name: string;
  /** Whether the core must not run commands for it unasked; null: it has not been looked at. */
  gatesCore: boolean | null = null;
  readonly #rules: UserRules;
  #isOn = false;
  #needsNone = false;
  #sanitizes: boolean | null = null;
  #passwords: readonly string[] = [];
  /** The root first. */
  #selectors: readonly Selector[];
  #text: string | null = null;

  constructor(name: string, rules: UserRules) {
    this.name = name;
    this.#rules = rules;
    this.#selectors = [new Selector(rules.known, rules.allChannels())];
  }

  /** The default user as it is when nothing is configured. */
  static superuser(rules: UserRules): User {
    const user = new User('default', rules);
    for (const rule of ['+@all', '~*', '&*', 'on', 'nopass']) user.apply(rule);
    return user;
  }

  /** Become the same as another but for the name. */
  take(other: User): void {
    this.#isOn = other.#isOn;
    this.#needsNone = other.#needsNone;
    this.#sanitizes = other.#sanitizes;
    this.#passwords = other.#passwords;
    this.#selectors = other.#selectors.map((selector) => selector.copy());
    this.#text = other.#text;
    this.gatesCore = null;
  }

  /** Whether it takes any password. */
  get needsNoPassword(): boolean {
    return this.#needsNone;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  get flags(): readonly string[] {
    const flags = [this.#isOn ? 'on' : 'off'];
    if (this.#needsNone) flags.push('nopass');
    if (this.#sanitizes !== null) {
      flags.push(this.#sanitizes ? 'sanitize-payload' : 'skip-sanitize-payload');
    }
    return flags;
  }

  get passwords(): readonly string[] {
    return this.#passwords;
  }

  get selectors(): readonly Selector[] {
    return this.#selectors;
  }

  /** @param given - what is said to be its password. */
  admits(given: Uint8Array): boolean {
    if (!this.#isOn) return false;
    if (this.#needsNone) return true;
    const hash = Buffer.from(sha256Hex(given));
    return this.#passwords.some((password) => timingSafeEqual(Buffer.from(password), hash));
  }

  /**
   * @returns null: it is permitted; else what to say of it, the one selector that comes furthest
   * first.
   */
  check(resolved: ResolvedFacts, args: readonly Buffer[]): Denial | null {
    let worst: Denial = { what: 'command', at: 0 };
    for (const selector of this.#selectors) {
      const denial = selector.check(resolved, args);
      if (denial === null) return null;
      const isFurther = rank(denial) > rank(worst);
      if (isFurther || (rank(denial) === rank(worst) && denial.at > worst.at)) worst = denial;
    }
    return worst;
  }

  /** @returns null: the rule is in force. */
  apply(rule: string): Fault | null {
    this.#text = null;
    if (rule === '') return null;
    switch (rule.toLowerCase()) {
      case 'on':
      case 'off':
        this.#isOn = rule.toLowerCase() === 'on';
        return null;
      case 'skip-sanitize-payload':
      case 'sanitize-payload':
        this.#sanitizes = rule.toLowerCase() === 'sanitize-payload';
        return null;
      case 'nopass':
      case 'resetpass':
        this.#needsNone = rule.toLowerCase() === 'nopass';
        this.#passwords = [];
        return null;
      case 'clearselectors':
        this.#selectors = this.#selectors.slice(0, 1);
        return null;
      case 'reset':
        return this.#reset();
      default:
    }
    if (/^[>#<!]/.test(rule)) return this.#changePassword(rule);
    if (rule.length > 1 && rule.startsWith('(') && rule.endsWith(')')) {
      const { known, allChannels } = this.#rules;
      const selector = readSelector(known, allChannels(), rule);
      if (typeof selector === 'string') return selector;
      this.#selectors = [...this.#selectors, selector];
      return null;
    }
    return this.#selectors[0]!.apply(rule);
  }

  #reset(): null {
    const channels = this.#rules.allChannels() ? 'allchannels' : 'resetchannels';
    const rules = ['resetpass', 'resetkeys', 'resetchannels', channels, 'off'];
    for (const rule of [...rules, 'sanitize-payload', 'clearselectors', '-@all']) this.apply(rule);
    return null;
  }

  #changePassword(rule: string): Fault | null {
    const given = rule.slice(1);
    const isPlain = rule.startsWith('>') || rule.startsWith('<');
    if (!isPlain && !/^[0-9a-f]{64}$/.test(given)) return 'badHash';
    const hash = isPlain ? sha256Hex(Buffer.from(given, 'latin1')) : given;
    const isThere = this.#passwords.includes(hash);
    if (rule.startsWith('>') || rule.startsWith('#')) {
      if (!isThere) this.#passwords = [...this.#passwords, hash];
      this.#needsNone = false;
      return null;
    }
    if (!isThere) return 'noSuchPassword';
    this.#passwords = this.#passwords.filter((password) => password !== hash);
    return null;
  }

  selectorTexts(): readonly SelectorText[] {
    return this.#selectors.map((selector) => ({
      commands: commandRules(this.#rules.known, selector),
      keys: selector.keyWords().join(' '),
      channels: selector.channelWords().join(' '),
    }));
  }

  describe(): string {
    this.#text ??= [
      ...this.flags,
      ...this.#passwords.map((password) => `#${password}`),
      ...this.#selectors.map((selector, index) => {
        const channels = selector.allChannels ? [] : ['resetchannels'];
        const words = [
          ...selector.keyWords(),
          ...channels,
          ...selector.channelWords(),
          commandRules(this.#rules.known, selector),
        ].join(' ');
        return index === 0 ? words : `(${words})`;
      }),
    ].join(' ');
    return this.#text;
  }
}

function rank({ what }: Denial): number {
  return ['command', 'key', 'channel'].indexOf(what);
}

/**
 * A selector may be spread over several words: from one that begins with a parenthesis to the one
 * that ends with it.
 *
 * @returns the rules, or the word with the parenthesis that is not closed.
 */
export function mergeSelectors(
  words: readonly string[],
): { readonly rules: readonly string[] } | { readonly unmatched: string } {
  const rules: string[] = [];
  let open: { words: string[] } | null = null;
  for (const word of words) {
    if (word.startsWith('(') && !word.endsWith(')')) {
      open = { words: [word] };
    } else if (open !== null) {
      open.words.push(word);
      if (!word.endsWith(')')) continue;
      rules.push(open.words.join(' '));
      open = null;
    } else {
      rules.push(word);
    }
  }
  return open === null ? { rules } : { unmatched: open.words[0]! };
}
