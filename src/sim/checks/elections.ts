/**
 * Elections, whatever is broken: an epoch has one leader, elected by a majority of all sentinels; a
 * voter has one vote an epoch, through crashes, on disk before it is told; an epoch names one
 * master; no sentinel's configuration epoch goes back; and of the replicas that may be promoted the
 * one with the most data is, of those with the master's data where its rules ask for that.
 */
import type { Address } from '../../base/address.js';
import type { Millis } from '../../base/time.js';
import { parseInfo } from '../../resp/info-text.js';
import type { SentinelEffect, SentinelMessage } from '../../sentinel/messages.js';
import { type HistoryStanding, historyStanding } from '../../sentinel/of-history.js';
import { currentMasterAddress, formatAddress } from '../../sentinel/state.js';
import type { Replica } from '../../sentinel/state.js';
import { failoverTransition } from '../counted.js';
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

export class ElectionChecks {
  readonly #sentinels: number;
  readonly #coverage: Coverage;
  /** epoch → voter → candidate. */
  readonly #votes = new Map<number, Map<string, string>>();
  readonly #leaders = new Map<number, string>();
  /** config epoch → the master's address under it. */
  readonly #commits = new Map<number, string>();
  readonly #configEpochs = new Map<string, number>();
  readonly #failoverStates = new Map<string, string>();
  /** What a replica's last INFO said, `sentinel address`. */
  readonly #offsets = new Map<string, number>();

  constructor(sentinels: number, coverage: Coverage) {
    this.#sentinels = sentinels;
    this.#coverage = coverage;
  }

  /** After every step. */
  state({ id, master }: SimSentinel): void {
    if (master === undefined) return;
    const { configEpoch, failoverState } = master;
    const stateBefore = this.#failoverStates.get(id) ?? 'none';
    if (failoverState !== stateBefore) {
      this.#coverage.count(failoverTransition(stateBefore, failoverState));
      this.#failoverStates.set(id, failoverState);
    }
    const before = this.#configEpochs.get(id) ?? 0;
    check(
      configEpoch >= before,
      'a config epoch goes back',
      () => `${id}: ${before} → ${configEpoch}`,
    );
    this.#configEpochs.set(id, configEpoch);
    if (configEpoch === 0) return;
    const address = formatAddress(currentMasterAddress(master));
    const known = this.#commits.get(configEpoch) ?? address;
    check(
      known === address,
      'two masters under one epoch',
      () => `${id}: epoch ${configEpoch} is ${known} and ${address}`,
    );
    this.#commits.set(configEpoch, address);
  }

  /** Before every step. */
  message(host: SimSentinel, message: SentinelMessage): void {
    if (message.type !== 'reply' || message.tag !== 'info') return;
    const { value } = message;
    if (value.type !== 'bulk' && value.type !== 'verbatim') return;
    const fields = parseInfo(Buffer.from(value.value).toString('latin1'));
    const offset = fields.get('slave_repl_offset');
    if (offset !== undefined) {
      this.#offsets.set(`${host.id} ${host.targetOf(message.link)}`, Number(offset));
    }
  }

  /** Before every effect is performed. */
  effect(host: SimSentinel, effect: SentinelEffect): void {
    if (effect.type === 'answer' && effect.answer.leader !== null) {
      const { leader, leaderEpoch } = effect.answer;
      this.#vote(host, leaderEpoch, leader);
      this.#isSaved(host, leaderEpoch);
    }
    if (effect.type !== 'event') return;
    const { channel, payload } = effect;
    this.#coverage.count(channel);
    if (channel === '+vote-for-leader') {
      const [leader = '', epoch = ''] = payload.split(' ');
      this.#vote(host, Number(epoch), leader);
    } else if (channel === '+elected-leader') this.#elected(host);
    else if (channel === '+selected-slave') this.#selected(host, payload);
    else if (channel === '-failover-abort-not-elected') this.#coverage.count('split votes');
  }

  #isSaved(host: SimSentinel, epoch: number): void {
    const saved = Number(/^sentinel leader-epoch mymaster (\d+)$/m.exec(host.file)?.[1]);
    check(
      saved >= epoch,
      'a vote is told before it is saved',
      () => `${host.id}: told a vote of ${epoch}, saved ${saved}`,
    );
  }

  #vote(host: SimSentinel, epoch: number, leader: string): void {
    const votes = this.#votes.get(epoch) ?? new Map<string, string>();
    this.#votes.set(epoch, votes);
    const before = votes.get(host.id) ?? leader;
    check(
      before === leader,
      'two votes in one epoch',
      () => `${host.id}: voted for ${before} and ${leader} in epoch ${epoch}`,
    );
    votes.set(host.id, leader);
  }

  #elected({ id, master, state }: SimSentinel): void {
    if (master === undefined || master.forced) return; // SENTINEL FAILOVER asks no sentinel.
    const { failoverEpoch: epoch } = master;
    const leader = this.#leaders.get(epoch) ?? id;
    check(leader === id, 'two leaders in one epoch', () => `${epoch}: ${leader} and ${id}`);
    this.#leaders.set(epoch, id);
    const votes = [...(this.#votes.get(epoch)?.values() ?? [])];
    const own = votes.filter((vote) => vote === state?.myid).length;
    check(
      own > this.#sentinels / 2,
      'a leader without a majority',
      () => `${id}: leads epoch ${epoch} with ${own} votes of ${this.#sentinels}`,
    );
  }

  /** @param payload - `slave name ip port @ …` */
  #selected(host: SimSentinel, payload: string): void {
    const { master, state } = host;
    if (master === undefined || state === null) return;
    const name = payload.split(' ')[1] ?? '';
    const chosen = master.replicas.get(name);
    if (chosen === undefined) return;
    const offsetOf = ({ address }: Replica): number =>
      this.#offsets.get(`${host.id} ${host.nameAt(address)}`) ?? -1;
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

  /** Whom the sentinels have elected, for what is told of a run. */
  get elections(): number {
    return this.#leaders.size;
  }
}
