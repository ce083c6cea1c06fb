/**
 * One step's working copy: the state being built and the effects being listed.
 *
 * Rules are functions of a turn. They read the clock only as `turn.now`, change records only
 * through it, and say when they want to be asked again (`wakeBy`), so that a limit and the wake
 * for it stand in the same line. Records are never changed in place: the state that came in stays
 * as it was, and a map is copied once per turn at most, which costs little (persistent-map.ts).
 *
 * What must survive a crash is marked with `persist()`. The file is written before the next effect
 * that another actor can see, and at the end of the turn at the latest: no other actor hears of a
 * vote or an epoch that a crash could take back, and one fsync does for all changes of a turn.
 */
import type { Address } from '../base/address.js';
import { assert } from '../base/assert.js';
import { PersistentMap } from '../base/persistent-map.js';
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import type { LinkId, SentinelEffect } from './messages.js';
import type { SentinelProfile } from './profile.js';
import { renderConfig } from './config-render.js';
import { isName, type Names, sameAddress, shownAddress } from './names.js';
import { levelOf } from './event-level.js';
import { Looks } from './looks.js';
import { enqueue, type ScriptJob } from './script-queue.js';
import type { LinkKey } from './link-key.js';
import type { SentinelSettings } from './settings.js';
import { newLink } from './state.js';
import type {
  Instance,
  Link,
  Master,
  Peer,
  Replica,
  SentinelState,
  SimulatedFailure,
} from './state.js';

/** The step's outside; `Env` of src/runtime/state-machine.ts has this shape. */
export interface TurnEnv {
  readonly now: Millis;
  readonly random: Prng;
}

/**
 * Effects by which others learn what this sentinel decided; the rest need not wait for the disk.
 */
const commits: ReadonlySet<SentinelEffect['type']> = new Set([
  'send',
  'question',
  'answer',
  'reply',
  'crash',
]);

export class Turn {
  readonly now: Millis;
  readonly random: Prng;
  readonly myid: string;
  /** A tick: what had arrived before it has been read, and all that is due is looked at. */
  readonly isTick: boolean;
  profile: SentinelProfile;
  remoteProfile: SentinelProfile;
  tiltSince: Millis | null;
  settings: SentinelSettings;
  names: Names;
  simulate: SimulatedFailure;
  scripts: readonly ScriptJob[];
  #currentEpoch: number;
  #epochOpenedFor: string | null;
  readonly #before: SentinelState;
  readonly #looks: Looks;
  readonly #effects: SentinelEffect[] = [];
  #masters: PersistentMap<string, Master> | null = null;
  #links: PersistentMap<LinkKey, Link> | null = null;
  #connections: PersistentMap<LinkId, LinkKey> | null = null;
  #nextId: number;
  #dirty = false;
  #wakeAt: Millis;

  constructor(state: SentinelState, env: TurnEnv, isTick: boolean) {
    this.now = env.now;
    this.isTick = isTick;
    this.random = env.random;
    this.myid = state.myid;
    this.profile = state.profile;
    this.remoteProfile = state.remoteProfile;
    this.simulate = state.simulate;
    this.names = state.names;
    this.scripts = state.scripts;
    this.#currentEpoch = state.currentEpoch;
    this.#epochOpenedFor = state.epochOpenedFor;
    this.tiltSince = state.tiltSince;
    this.settings = state.settings;
    this.#before = state;
    this.#nextId = state.nextId;
    // Never sleep so long that waking looks like a gap in time (tilt.ts).
    this.#wakeAt = env.now + state.profile.tiltTriggerMs / 2;
    this.#looks = new Looks(state.dueAt, env.now, this.#wakeAt);
  }

  get currentEpoch(): number {
    return this.#currentEpoch;
  }

  /** See SentinelState. */
  get epochOpenedFor(): string | null {
    return this.#epochOpenedFor;
  }

  /**
   * An epoch is heard of, or begins here.
   *
   * @param openedFor - the master in whose election it is; null: it is not known to be in one.
   * @returns whether it is a new one.
   */
  noteEpoch(epoch: number, openedFor: string | null): boolean {
    const isNew = epoch > this.#currentEpoch;
    if (isNew) {
      this.#currentEpoch = epoch;
      this.persist();
    }
    if (isNew || (epoch === this.#currentEpoch && this.#epochOpenedFor === null)) {
      this.#epochOpenedFor = openedFor;
    }
    return isNew;
  }

  get masters(): ReadonlyMap<string, Master> {
    return this.#masters ?? this.#before.masters;
  }

  get links(): ReadonlyMap<LinkKey, Link> {
    return this.#links ?? this.#before.links;
  }

  get previousStepAt(): Millis {
    return this.#before.previousStepAt;
  }

  /** Whether both lead to the same place. */
  same(a: Address, b: Address): boolean {
    return sameAddress(this.names, a, b);
  }

  /** The address as others are told it. */
  shown(address: Address): Address {
    return shownAddress(this, address);
  }

  /** Whether the host can be reached; if its name is not resolved yet, that is asked for. */
  knows(host: string): boolean {
    if (!isName(host) || this.names.has(host.toLowerCase())) return true;
    if (this.settings.resolveHostnames) this.effect({ type: 'resolve', host });
    return false;
  }

  /** Where this sentinel listens. */
  get address(): Address {
    return this.#before.address;
  }

  link(key: LinkKey): Link {
    const link = this.links.get(key);
    assert(link !== undefined, `no link ${key}`);
    return link;
  }

  /** @returns which link the connection belongs to; undefined if this sentinel closed it. */
  linkOf(connection: LinkId): LinkKey | undefined {
    return (this.#connections ?? this.#before.connections).get(connection);
  }

  setLink(key: LinkKey, patch: Partial<Link>): Link {
    this.#links ??= new PersistentMap(this.#before.links);
    const link = { ...(this.#links.get(key) ?? newLink(this.now)), ...patch };
    this.#links.set(key, link);
    return link;
  }

  /** Make the link unless it exists: several masters can share one to the same sentinel. */
  ensureLink(key: LinkKey): void {
    if (!this.links.has(key)) this.setLink(key, {});
  }

  removeLink(key: LinkKey): void {
    this.#links ??= new PersistentMap(this.#before.links);
    this.#links.delete(key);
  }

  /** @returns a connection id that was never used, registered for the link. */
  registerConnection(key: LinkKey): LinkId {
    this.#connections ??= new PersistentMap(this.#before.connections);
    const id = this.#nextId++;
    this.#connections.set(id, key);
    return id;
  }

  forgetConnection(id: LinkId): void {
    this.#connections ??= new PersistentMap(this.#before.connections);
    this.#connections.delete(id);
  }

  /** @returns the record as it is now: the one held may be older than this turn's changes. */
  current<I extends Instance>(instance: I): I {
    const found = this.#find(instance);
    assert(found !== undefined, `no ${instance.kind} ${instance.name}`);
    // Looked up by the kind and name of an I.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return found as I;
  }

  /** @returns whether the instance is still known. */
  has(instance: Instance): boolean {
    return this.#find(instance) !== undefined;
  }

  #find(instance: Instance): Instance | undefined {
    if (instance.kind === 'master') return this.masters.get(instance.name);
    const master = this.masters.get(instance.master);
    return instance.kind === 'replica'
      ? master?.replicas.get(instance.name)
      : master?.sentinels.get(instance.name);
  }

  /** The master an instance belongs to; itself, if it is one. */
  masterOf(instance: Instance): Master {
    const master = this.masters.get(instance.kind === 'master' ? instance.name : instance.master);
    assert(master !== undefined, `no master for ${instance.name}`);
    return master;
  }

  /** Change fields of a record; the others are as they are now. @returns the new record. */
  update<I extends Instance>(instance: I, patch: Partial<I>): I {
    const next: I = { ...this.current(instance), ...patch };
    this.put(next);
    return next;
  }

  /** Add or replace a record (and see that its link exists). */
  put(instance: Instance): void {
    this.ensureLink(instance.link);
    switch (instance.kind) {
      case 'master':
        this.#masters ??= new PersistentMap(this.#before.masters);
        this.#masters.set(instance.name, instance);
        this.#looks.touched.add(instance.name);
        return;
      case 'replica': {
        const master = this.masterOf(instance);
        const replicas = new PersistentMap<string, Replica>(master.replicas);
        replicas.set(instance.name, instance);
        return this.put({ ...master, replicas });
      }
      case 'sentinel': {
        const master = this.masterOf(instance);
        const sentinels = new PersistentMap<string, Peer>(master.sentinels);
        sentinels.set(instance.name, instance);
        return this.put({ ...master, sentinels });
      }
    }
  }

  /** Forget a master; its links are the caller's business (links.ts). */
  removeMaster(name: string): void {
    this.#masters ??= new PersistentMap(this.#before.masters);
    this.#masters.delete(name);
    this.#looks.forget(name);
  }

  /** Everything known about a master's group: the master, its replicas, the other sentinels. */
  *group(name: string): Iterable<Instance> {
    const master = this.masters.get(name);
    if (master === undefined) return;
    yield master;
    yield* master.replicas.values();
    yield* master.sentinels.values();
  }

  /** Whether there is something to write. */
  get isDirty(): boolean {
    return this.#dirty;
  }

  /** Mark what the configuration file holds as changed. */
  persist(): void {
    this.#dirty = true;
  }

  effect(effect: SentinelEffect): void {
    if (commits.has(effect.type)) this.#flush();
    this.#effects.push(effect);
  }

  /** @param master - whose notification script is told of it, if it is a warning; null: none. */
  event(channel: string, payload: string, master: string | null = null): void {
    const level = levelOf(channel);
    this.effect({ type: 'event', level, channel, payload });
    const script = master === null ? null : this.masters.get(master)?.notificationScript;
    if (script && level === 'warning') this.schedule([script, channel, payload]);
  }

  /** Have a script run when it is its turn. */
  schedule(argv: ScriptJob['argv']): void {
    this.scripts = enqueue(this.scripts, this.#nextId++, argv);
  }

  /** The periods for what is at the other end of this link. */
  profileOf(key: LinkKey): SentinelProfile {
    return this.link(key).isLocal === false ? this.remoteProfile : this.profile;
  }

  /** Ask for a step at this moment or before; for a look at the group that is looked at now. */
  wakeBy(at: Millis): void {
    if (at < this.#wakeAt) this.#wakeAt = at;
    this.#looks.wakeBy(at);
  }

  /** See Looks.at(). */
  lookAt(name: string, whole: boolean, look: () => void): void {
    this.#looks.at(name, whole, look);
  }

  /**
   * Masters in whose groups there may be something to do: their records have changed, or what all
   * go by has.
   */
  get concerned(): string[] {
    const { profile, remoteProfile, settings, tiltSince, currentEpoch } = this.#before;
    const isSame =
      profile === this.profile &&
      remoteProfile === this.remoteProfile &&
      settings === this.settings &&
      tiltSince === this.tiltSince;
    if (!isSame) return [...this.masters.keys()];
    const hasNewEpoch = currentEpoch !== this.currentEpoch;
    const { touched } = this.#looks;
    // With hundreds of masters, a look at each for every message would be most of the work.
    if (!hasNewEpoch && touched.size < 2)
      return [...touched].filter((name) => this.masters.has(name));
    return [...this.masters.values()]
      .filter(
        ({ name, failoverState }) =>
          touched.has(name) || (hasNewEpoch && failoverState === 'wait-start'),
      )
      .map(({ name }) => name);
  }

  /** Masters whose groups are to be looked at now. */
  get dueGroups(): string[] {
    return [...this.masters.keys()].filter((name) => this.#looks.isDue(name));
  }

  #flush(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#effects.push({ type: 'persist', configText: renderConfig(this.#state()) });
  }

  #state(atMs?: Millis): SentinelState {
    const { address, wakeAt, connections } = this.#before;
    return {
      myid: this.myid,
      address,
      profile: this.profile,
      remoteProfile: this.remoteProfile,
      settings: this.settings,
      simulate: this.simulate,
      names: this.names,
      scripts: this.scripts,
      currentEpoch: this.currentEpoch,
      epochOpenedFor: this.epochOpenedFor,
      masters: this.masters,
      links: this.links,
      connections: this.#connections ?? connections,
      nextId: this.#nextId,
      dueAt: this.#looks.dueAt,
      tiltSince: this.tiltSince,
      previousStepAt: this.now,
      wakeAt: atMs ?? wakeAt,
    };
  }

  /** @returns the new state and the ordered effects. The wake moves later in a tick only. */
  finish(): { state: SentinelState; ready: readonly SentinelEffect[] } {
    this.#flush();
    const pending = this.#before.wakeAt;
    let atMs = this.#wakeAt;
    if (this.isTick)
      for (const name of this.masters.keys()) atMs = Math.min(atMs, this.#looks.of(name));
    const keep = pending !== null && !this.isTick && pending <= atMs;
    if (keep) atMs = pending;
    if (!keep) this.#effects.push({ type: 'wake', atMs });
    return { state: this.#state(atMs), ready: this.#effects };
  }
}
