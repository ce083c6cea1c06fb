/**
 * A node's users, and what they may do: ACL.
 *
 * Commands that the core runs by itself are not asked about: a client whose user may not run all of
 * them, with any key, has its input gated (`gatesCore`), and everyone else pays nothing.
 *
 * @see redis/redis 7.0.15 src/acl.c
 */
import { RingleaderError } from '../../base/errors.js';
import { latin1 } from '../../commands/arguments.js';
import type {
  AccessClient,
  AccessControl,
  Denial,
  DenialContext,
  DenialEntry,
} from '../../commands/access/control.js';
import type { AccessUser } from '../../commands/access/user.js';
import { type CommandFacts, fullName, type ResolvedFacts } from '../../commands/facts.js';
import type { NodeClock, NodeLog } from '../../commands/node/process.js';
import type { CommandTable } from '../../commands/table.js';
import { isCores } from '../../commands/spec.js';
import type { Config } from '../../config/config.js';
import { wrongLine } from '../../config/load.js';
import { DenialLog } from './denial-log.js';
import { faultText, hasBlanks, printed } from './faults.js';
import { KnownCommands } from './known-commands.js';
import { mergeSelectors, User, type UserRules } from './user.js';
import { readUsers, writeUsers } from './users-text.js';

/** The file that `aclfile` names. */
export interface UsersFile {
  /** @returns its text (latin1), or why it cannot be read. */
  read(): { readonly text: string } | { readonly error: string };
  /** Replace it. @returns null, or why it cannot be written. */
  write(text: string): string | null;
}

export interface AccessParts {
  readonly config: Config;
  readonly commands: CommandTable;
  readonly clients: { all(): readonly AccessClient[] };
  readonly clock: Pick<NodeClock, 'wallMicros'>;
  readonly log: NodeLog;
  readonly file: UsersFile;
}

export class Access implements AccessControl {
  readonly #parts: AccessParts;
  readonly #rules: UserRules;
  readonly #default: User;
  #users = new Map<string, User>();
  /** Names that the configuration has declared. */
  readonly #configured = new Set<string>();
  readonly #log = new DenialLog();
  /** Commands that the core runs unasked. */
  readonly #unasked: readonly CommandFacts[];

  /** @throws RingleaderError CONFIG_INVALID: the configured users are none. */
  constructor(parts: AccessParts) {
    this.#parts = parts;
    const { config, commands } = parts;
    this.#rules = {
      known: new KnownCommands(commands),
      allChannels: () => config.aclPubsubDefault.value === 'allchannels',
    };
    this.#unasked = commands
      .all()
      .filter((spec) => isCores(spec) || spec.shortcut?.when === 'bare');
    this.#default = User.superuser(this.#rules);
    this.#users.set('default', this.#default);
    this.#takePassword(config.requirepass.value);
    config.requirepass.onChange((password) => {
      this.#takePassword(password);
      return null;
    });
    this.#readConfigured();
  }

  #takePassword(password: string): void {
    this.#default.apply('resetpass');
    this.#default.apply(password === '' ? 'nopass' : `>${password}`);
  }

  #readConfigured(): void {
    const { users, aclfile } = this.#parts.config;
    if (users.length > 0 && aclfile.value !== '') throw new RingleaderError('CONFIG_INVALID', BOTH);
    for (const { words, line } of users) {
      const wrong = this.#addConfigured(words);
      if (wrong === null) continue;
      const [name = ''] = words;
      throw wrongLine(
        line.replace(/\s[>#<!]\S*/g, ' (not shown)'),
        `Error in user declaration '${wrong.at ?? name}': ${wrong.text}`,
      );
    }
    if (aclfile.value === '') return;
    const errors = this.#loadFile(null);
    if (errors === null) return;
    throw new RingleaderError(
      'CONFIG_INVALID',
      `Aborting Redis startup because of ACL errors: ${errors}`,
    );
  }

  #addConfigured([name = '', ...words]: readonly string[]): { at?: string; text: string } | null {
    if (this.#configured.has(name)) return { text: faultText('duplicateUser') };
    this.#configured.add(name);
    if (hasBlanks(name)) return { text: 'Spaces not allowed in ACL usernames' };
    const merged = mergeSelectors(words);
    if ('unmatched' in merged) return { at: merged.unmatched, text: 'Wrong format' };
    const user = this.#users.get(name) ?? new User(name, this.#rules);
    if (user === this.#default) user.apply('reset');
    for (const rule of merged.rules) {
      const fault = user.apply(rule);
      if (fault !== null) return { at: printed(rule), text: faultText(fault) };
    }
    this.#users.set(name, user);
    if (!user.isOn) {
      this.#parts.log.write(
        'notice',
        `The user '${name}' is disabled (there is no 'on' modifier in the user description). Make sure this is not a configuration error.`,
      );
    }
    return null;
  }

  users(): readonly User[] {
    return [...this.#users.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  user(name: string): User | undefined {
    return this.#users.get(name);
  }

  get isOpen(): boolean {
    return this.#default.needsNoPassword;
  }

  setUser(name: string, words: readonly string[]): string | null {
    if (hasBlanks(name)) return "Usernames can't contain spaces or null characters";
    const merged = mergeSelectors(words);
    if ('unmatched' in merged) {
      return `Unmatched parenthesis in acl selector starting at '${printed(merged.unmatched)}'.`;
    }
    const user = this.#users.get(name);
    const changed = new User(name, this.#rules);
    if (user !== undefined) changed.take(user);
    for (const rule of merged.rules) {
      const fault = changed.apply(rule);
      if (fault === null) continue;
      return `Error in ACL SETUSER modifier '${printed(rule)}': ${faultText(fault)}`;
    }
    if (user === undefined) {
      this.#users.set(name, changed);
      return null;
    }
    this.#endListeners(user, changed);
    user.take(changed);
    return null;
  }

  /** A user's channels are about to change: listeners to what it may not hear any more go. */
  #endListeners(user: User, changed: User): void {
    if (changed.selectors.some(({ allChannels }) => allChannels)) return;
    const upcoming = changed.selectors.flatMap((selector) => selector.channelPatterns());
    const isSuperset = user.selectors.every(
      (selector) =>
        !selector.allChannels &&
        selector.channelPatterns().every((pattern) => upcoming.includes(pattern)),
    );
    if (isSuperset) return;
    const mayHear = (name: string, isPattern: boolean): boolean =>
      changed.selectors.some((selector) =>
        selector.permitsChannel(Buffer.from(name, 'latin1'), isPattern),
      );
    for (const client of this.#parts.clients.all()) {
      if (client.user !== user) continue;
      const hears =
        [...client.channels, ...client.shardChannels].every((name) => mayHear(name, false)) &&
        [...client.patterns].every((name) => mayHear(name, true));
      if (!hears) client.output.kill();
    }
  }

  deleteUser(name: string, by: AccessClient): boolean {
    const user = this.#users.get(name);
    if (user === undefined || user === this.#default) return false;
    this.#users.delete(name);
    this.#endClients(user, by);
    return true;
  }

  #endClients(user: User, by: AccessClient | null): void {
    for (const client of this.#parts.clients.all()) {
      if (client.user !== user) continue;
      client.user = this.#default;
      client.authenticated = false;
      if (client === by) client.closeAfterReply = true;
      else client.output.kill();
    }
  }

  authenticate(client: AccessClient, name: string, password: Uint8Array, command: string): boolean {
    const user = this.#users.get(name);
    if (user?.admits(password) === true) {
      client.authenticated = true;
      client.user = user;
      return true;
    }
    const context = client.transaction === null ? 'toplevel' : 'multi';
    this.#note(client, { reason: 'auth', context, object: command, username: name });
    return false;
  }

  greet(client: AccessClient): void {
    client.user = this.#default;
    client.authenticated = this.#default.needsNoPassword && this.#default.isOn;
  }

  mustAuthenticate({ authenticated }: AccessClient): boolean {
    return !authenticated && !(this.#default.needsNoPassword && this.#default.isOn);
  }

  /** Whether the core must not run commands of this client by itself. */
  gatesCore({ user }: { readonly user: AccessUser | null }): boolean {
    if (!(user instanceof User)) return false;
    user.gatesCore ??= !user.selectors.some((selector) => selector.permitsAll(this.#unasked));
    return user.gatesCore;
  }

  check(user: AccessUser | null, resolved: ResolvedFacts, args: readonly Buffer[]): Denial | null {
    return user instanceof User ? user.check(resolved, args) : null;
  }

  readsAllKeys(user: AccessUser | null, resolved: ResolvedFacts, args: readonly Buffer[]): boolean {
    if (!(user instanceof User)) return true;
    return user.selectors.some(
      (selector) => selector.check(resolved, args) === null && selector.readsAllKeys(),
    );
  }

  /** @returns what is denied of a client's call, and has been logged; null: nothing is. */
  denial(
    client: AccessClient,
    resolved: ResolvedFacts,
    args: readonly Buffer[],
    context: DenialContext,
  ): Denial | null {
    const denial = this.check(client.user, resolved, args);
    if (denial === null) return null;
    const object =
      denial.what === 'command'
        ? fullName(resolved.spec, resolved.container)
        : latin1(args[denial.at]);
    const username = client.user?.name ?? '';
    this.#note(client, { reason: denial.what, context, object, username });
    return denial;
  }

  #note(
    client: AccessClient,
    what: Pick<DenialEntry, 'reason' | 'context' | 'object' | 'username'>,
  ): void {
    const lastMs = Math.floor(this.#parts.clock.wallMicros() / 1000);
    const entry = { ...what, lastMs, clientInfo: client.describe(lastMs) };
    this.#log.add(entry, this.#parts.config.acllogMaxLen.value);
  }

  get denials(): readonly DenialEntry[] {
    return this.#log.entries;
  }

  resetDenials(): void {
    this.#log.reset();
  }

  namesInCategory(category: string): readonly string[] | null {
    return this.#rules.known.namesInCategory(category);
  }

  load(by: AccessClient): string | null {
    return this.#loadFile(by);
  }

  #loadFile(by: AccessClient | null): string | null {
    const path = this.#parts.config.aclfile.value;
    const file = this.#parts.file.read();
    if ('error' in file) return `Error loading ACLs, opening file '${path}': ${file.error}`;
    const read = readUsers(this.#rules, path, file.text);
    if ('errors' in read) return read.errors;
    // The default user is asked about everywhere: it stays, and becomes what the file has.
    const old = this.#users;
    this.#default.take(read.users.get('default') ?? User.superuser(this.#rules));
    this.#users = new Map([...read.users, ['default', this.#default]]);
    for (const user of old.values()) if (user !== this.#default) this.#endClients(user, by);
    return null;
  }

  save(): boolean {
    const error = this.#parts.file.write(writeUsers(this.users()));
    if (error === null) return true;
    this.#parts.log.write('warning', `Writing ACL file for ACL SAVE: ${error}`);
    return false;
  }
}

const BOTH =
  'Configuring Redis with users defined in redis.conf and at the same setting an ACL file path is invalid. This setup is very likely to lead to configuration errors and security holes, please define either an ACL file or declare users directly in your redis.conf, but not both.';
