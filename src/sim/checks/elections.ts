/**
 * Elections, whatever is broken: of each group an epoch has one leader, elected by a majority of
 * all sentinels; a voter has one vote an epoch, through crashes, on disk before it is told; an
 * epoch names one master; no sentinel's configuration epoch goes back; and of the replicas that may
 * be promoted the one with the most data is, of those with the master's data where its rules ask
 * for that.
 */
import type { Address } from '../../base/address.js';
import { PersistentMap } from '../../base/persistent-map.js';
import type { Millis } from '../../base/time.js';
import type { ElectionEntry } from '../../coordinator/election-log.js';
import type { Reply } from '../../resp/reply.js';
import { asksForVote } from '../../sentinel/commands.js';
import { downAnswer } from '../../sentinel/down-question.js';
import type { Answer, SentinelEffect, SentinelMessage } from '../../sentinel/messages.js';
import { type HistoryStanding, historyStanding } from '../../sentinel/of-history.js';
import { currentMasterAddress, formatAddress, isConnected } from '../../sentinel/state.js';
import type { Master, Replica } from '../../sentinel/state.js';
import { failoverTransition, TWO_MASTERS } from '../counted.js';
import type { Coverage } from '../coverage.js';
import type { SimSentinel } from '../sim-sentinel.js';
import { check } from '../violation.js';

/** A replica that has not answered for this long, or whose INFO is older, is not promoted. */
const VALID_MS: Millis = 5000;

/** From the best on. */
const STANDINGS: readonly HistoryStanding[] = ['same', 'other', 'outside'];
/** In a simulation an address has one name. */
const NAMES = {
  same: (a: Address, b: Address): boolean => a.host === b.host && a.port === b.port,
};

/** @returns what its file says; 0: nothing. */
function savedEpoch({ file }: SimSentinel, directive: string, group: string): number {
  const line = `\nsentinel ${directive} ${group} `;
  const at = file.indexOf(line);
  return at < 0 ? 0 : Number.parseInt(file.slice(at + line.length), 10);
}

export class ElectionChecks {
  readonly #sentinels: number;
  readonly #coverage: Coverage;
  /** The records that each sentinel had after its last step. */
  readonly #records = new WeakMap<SimSentinel, PersistentMap<string, Master>>();
  /** `group epoch` → voter → candidate. */
  readonly #votes = new Map<string, Map<string, string>>();
  /** `group epoch` → who leads. */
  readonly #leaders = new Map<string, string>();
  /** `group configEpoch` → the master's address under it. */
  readonly #commits = new Map<string, string>();
  /** `group epoch sentinel` of failovers that users asked for. */
  readonly #askedFor = new Set<string>();
  /** `group epoch` of those that were led. */
  readonly #byHand = new Set<string>();
  /** What the last step of each was about. */
  readonly #messages = new WeakMap<SimSentinel, SentinelMessage>();
  /** By `group sentinel`, as the states. */
  readonly #configEpochs = new Map<string, number>();
  readonly #failoverStates = new Map<string, string>();
  /** How often each had crashed when it was last looked at. */
  readonly #lives = new WeakMap<SimSentinel, number>();
  /** What a replica's last INFO said, `sentinel address`. */
  readonly #offsets = new Map<string, number>();

  constructor(sentinels: number, coverage: Coverage) {
    this.#sentinels = sentinels;
    this.#coverage = coverage;
  }

  /** After every step. */
  state(host: SimSentinel): void {
    if (host.state === null) return;
    const { masters } = host.state;
    if ((this.#lives.get(host) ?? 0) !== host.life) this.#beginAgain(host, masters.keys());
    const before = this.#records.get(host) ?? new PersistentMap<string, Master>();
    if (masters === before) return;
    const now = masters instanceof PersistentMap ? masters : new PersistentMap(masters);
    this.#records.set(host, now);
    // Records are never changed in place: what is the same as before has been looked at.
    for (const master of now.changedSince(before)) this.#record(host, master);
  }

  /** It knows what its file says. What it had not saved when it crashed it had told nobody. */
  #beginAgain(host: SimSentinel, groups: Iterable<string>): void {
    this.#lives.set(host, host.life);
    for (const group of groups) {
      const place = `${group} ${host.id}`;
      this.#failoverStates.delete(place);
      this.#configEpochs.set(place, savedEpoch(host, 'config-epoch', group));
      const lastVote = savedEpoch(host, 'leader-epoch', group);
      for (const [key, votes] of this.#votes) {
        const [name, epoch] = key.split(' ');
        if (name === group && Number(epoch) > lastVote) votes.delete(host.id);
      }
    }
  }

  #record(host: SimSentinel, master: Master): void {
    const { name, configEpoch, failoverState, leader, leaderEpoch } = master;
    const place = `${name} ${host.id}`;
    if (leader !== null) this.#vote(host, name, leaderEpoch, leader);
    if (master.forced) this.#askedFor.add(`${name} ${master.failoverEpoch} ${host.id}`);
    const stateBefore = this.#failoverStates.get(place) ?? 'none';
    if (failoverState !== stateBefore) {
      this.#coverage.count(failoverTransition(stateBefore, failoverState));
      this.#failoverStates.set(place, failoverState);
    }
    const before = this.#configEpochs.get(place) ?? 0;
    check(
      configEpoch >= before,
      'a config epoch goes back',
      () => `${host.id}: ${before} → ${configEpoch}`,
    );
    this.#configEpochs.set(place, configEpoch);
    if (configEpoch === 0) return;
    const address = formatAddress(currentMasterAddress(master));
    const epoch = `${name} ${configEpoch}`;
    const known = this.#commits.get(epoch) ?? address;
    if (known !== address) this.#coverage.count(TWO_MASTERS);
    // A failover by hand asks for no votes: its epoch may be one that an election has taken.
    check(
      known === address || this.#byHand.has(epoch),
      'two masters under one epoch',
      () => `${host.id}: epoch ${epoch} is ${known} and ${address}`,
    );
    this.#commits.set(epoch, address);
  }

  /** Before every step. */
  message(host: SimSentinel, message: SentinelMessage): void {
    this.#messages.set(host, message);
    if (message.type !== 'reply' || message.tag !== 'info') return;
    const { value } = message;
    if (value.type !== 'bulk' && value.type !== 'verbatim') return;
    const offset = fieldOf(Buffer.from(value.value), 'slave_repl_offset');
    if (offset !== null) {
      this.#offsets.set(`${host.id} ${host.targetOf(message.link)}`, Number(offset));
    }
  }

  /** Before every effect is performed. */
  effect(host: SimSentinel, effect: SentinelEffect): void {
    if (effect.type === 'answer') this.#told(host, effect.answer);
    if (effect.type === 'reply') this.#replied(host, effect.reply);
    if (effect.type !== 'event') return;
    const { channel, payload } = effect;
    this.#coverage.count(channel);
    if (channel === '+slave') this.#forget(host, payload);
    if (channel === '+elected-leader') this.#elected(host, payload);
    else if (channel === '+selected-slave') this.#selected(host, payload);
    else if (channel === '-failover-abort-not-elected') this.#coverage.count('split votes');
  }

  /** The sentinel has a new record of a replica, which says nothing yet of how far that is. */
  #forget(host: SimSentinel, payload: string): void {
    const [, , ip = '', port = ''] = payload.split(' ');
    this.#offsets.delete(`${host.id} ${host.nameAt({ host: ip, port: Number(port) })}`);
  }

  /** Who has asked over TCP is told by the command's reply, the only one of its step. */
  #replied(host: SimSentinel, reply: Reply): void {
    const message = this.#messages.get(host);
    if (message?.type !== 'command' || !asksForVote(message.args)) return;
    const [, , ip = '', port = '', epoch = '', candidate = null] = message.args;
    const address = { host: ip, port: Number(port) };
    for (const { name: master, address: watched } of host.state?.masters.values() ?? []) {
      if (!NAMES.same(watched, address)) continue;
      const answer = downAnswer({ master, address, epoch: Number(epoch), candidate }, reply);
      if (answer !== null) this.#told(host, answer);
    }
  }

  /** A vote is told, maybe by a sentinel that has voted in a later epoch by now. */
  #told(host: SimSentinel, { master, leader, leaderEpoch }: Answer): void {
    if (leader === null) return;
    this.#vote(host, master, leaderEpoch, leader);
    const saved = savedEpoch(host, 'leader-epoch', master);
    check(
      saved >= leaderEpoch,
      'a vote is told before it is saved',
      () => `${host.id}: told a vote of ${leaderEpoch}, saved ${saved}`,
    );
  }

  #vote(host: SimSentinel, group: string, epoch: number, leader: string): void {
    const key = `${group} ${epoch}`;
    const votes = this.#votes.get(key) ?? new Map<string, string>();
    this.#votes.set(key, votes);
    const before = votes.get(host.id) ?? leader;
    check(
      before === leader,
      'two votes in one epoch',
      () => `${host.id}: voted for ${before} and ${leader} in epoch ${epoch}`,
    );
    votes.set(host.id, leader);
  }

  /** @param payload - `master name ip port` */
  #elected(host: SimSentinel, payload: string): void {
    const { id, state } = host;
    const master = host.watched(payload.split(' ')[1] ?? '');
    if (master === undefined) return;
    const key = `${master.name} ${master.failoverEpoch}`;
    // SENTINEL FAILOVER asks no sentinel. It may be over by the end of this step, maybe its first.
    if (this.#askedFor.has(`${key} ${id}`) || this.#isAskedFor(host)) {
      this.#byHand.add(key);
      return;
    }
    const leader = this.#leaders.get(key) ?? id;
    check(leader === id, 'two leaders in one epoch', () => `${key}: ${leader} and ${id}`);
    this.#leaders.set(key, id);
    const votes = [...(this.#votes.get(key)?.values() ?? [])];
    const own = votes.filter((vote) => vote === state?.myid).length;
    check(
      own > this.#sentinels / 2,
      'a leader without a majority',
      () => `${id}: leads epoch ${key} with ${own} votes of ${this.#sentinels}`,
    );
  }

  #isAskedFor(host: SimSentinel): boolean {
    const message = this.#messages.get(host);
    return message?.type === 'command' && message.args[1] === 'FAILOVER';
  }

  /** @param payload - `slave name ip port @ group …` */
  #selected(host: SimSentinel, payload: string): void {
    const { state } = host;
    const [, name = '', , , , group = ''] = payload.split(' ');
    const master = host.watched(group);
    if (master === undefined || state === null) return;
    const chosen = master.replicas.get(name);
    if (chosen === undefined) return;
    // One that has not said counts as having nothing, as with Redis: so does one that has nothing.
    const offsetOf = ({ address }: Replica): number =>
      this.#offsets.get(`${host.id} ${host.nameAt(address)}`) ?? 0;
    const now = state.previousStepAt;
    const isFit = (replica: Replica): boolean => {
      const link = state.links.get(replica.link);
      const { sdown, sdownSince } = master;
      const downMs = sdown && sdownSince !== null ? now - sdownSince : 0;
      return (
        !replica.sdown &&
        replica.priority === chosen.priority &&
        replica.infoAt !== null &&
        now - replica.infoAt <= VALID_MS &&
        link !== undefined &&
        isConnected(replica, link) &&
        now - link.lastValidReplyAt <= VALID_MS &&
        replica.masterLinkDownMs <= downMs + 10 * master.downAfterMs
      );
    };
    // Ours first asks whose data are the master's, and compares what is comparable.
    const standingOf = (replica: Replica): number =>
      host.looksAtHistory ? STANDINGS.indexOf(historyStanding(NAMES, master, replica)) : 0;
    for (const replica of master.replicas.values()) {
      if (standingOf(replica) > standingOf(chosen)) continue;
      check(
        !isFit(replica) || standingOf(replica) === standingOf(chosen),
        'a replica of another history is promoted',
        () => `${host.id}: ${name}, though ${replica.name} has the master's data`,
      );
      check(
        !isFit(replica) || offsetOf(replica) <= offsetOf(chosen),
        'a stale replica is promoted',
        () => `${host.id}: ${name} at ${offsetOf(chosen)}, ${replica.name} at ${offsetOf(replica)}`,
      );
    }
  }

  /** The coordinator tells it, perhaps late: it was so. */
  logged({ type, sentinel, master, ...facts }: ElectionEntry): void {
    if (type !== 'elected' || !('epoch' in facts)) return;
    const key = `${master} ${facts.epoch}`;
    const leader = this.#leaders.get(key) ?? sentinel;
    check(
      leader === sentinel || this.#byHand.has(key),
      'the log of elections names another leader',
      () => `${key}: ${sentinel}, it is ${leader}`,
    );
  }

  /** Whom the sentinels have elected, for what is told of a run. */
  get elections(): number {
    return this.#leaders.size;
  }
}

/** One field of INFO; null: there is none. All that a check reads of it needs no map of it all. */
function fieldOf(info: Buffer, name: string): string | null {
  const line = `\n${name}:`;
  const at = info.indexOf(line, 0, 'latin1');
  if (at < 0) return null;
  const end = info.indexOf('\r', at);
  return info.toString('latin1', at + line.length, end < 0 ? info.length : end);
}
