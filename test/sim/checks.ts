/**
 * What must hold in every run, whatever is broken; a violation ends the run with its seed.
 *
 * Safety: an epoch has one leader, elected by a majority of all sentinels; a voter has one vote
 * per epoch, through crashes, on disk before it is told; an epoch names one master; nobody's
 * configuration epoch goes back.
 */
import { assert } from '../../src/base/assert.js';
import type { SentinelEffect } from '../../src/sentinel/messages.js';
import { currentMasterAddress, formatAddress } from '../../src/sentinel/state.js';
import type { Master } from '../../src/sentinel/state.js';
import type { SentinelHost } from './sentinel-host.js';

export const GROUP = 'mymaster';

export class Checks {
  readonly #sentinels: number;
  /** epoch → voter → candidate. */
  readonly #votes = new Map<number, Map<string, string>>();
  readonly #leaders = new Map<number, string>();
  /** config epoch → the master's address under it. */
  readonly #commits = new Map<number, string>();
  readonly #configEpochs = new Map<string, number>();
  elections = 0;
  switches = 0;

  constructor(sentinels: number) {
    this.#sentinels = sentinels;
  }

  /** After every step. */
  state(host: SentinelHost): void {
    const master = host.state?.masters.get(GROUP);
    if (master === undefined) return;
    const before = this.#configEpochs.get(host.id) ?? 0;
    assert(
      master.configEpoch >= before,
      `${host.id}: config epoch ${before} → ${master.configEpoch}`,
    );
    this.#configEpochs.set(host.id, master.configEpoch);
    if (master.configEpoch > 0) this.#oneMasterPerEpoch(host, master);
  }

  #oneMasterPerEpoch(host: SentinelHost, master: Master): void {
    const address = formatAddress(currentMasterAddress(master));
    const known = this.#commits.get(master.configEpoch) ?? address;
    assert(known === address, `${host.id}: epoch ${master.configEpoch} is ${known} and ${address}`);
    this.#commits.set(master.configEpoch, address);
  }

  /** Before every effect is performed. */
  effect(host: SentinelHost, effect: SentinelEffect): void {
    if (effect.type === 'answer' && effect.answer.leader !== null) {
      const { leader, leaderEpoch } = effect.answer;
      this.#vote(host, leaderEpoch, leader);
      const saved = Number(/^sentinel leader-epoch mymaster (\d+)$/m.exec(host.file)?.[1]);
      assert(saved >= leaderEpoch, `${host.id}: told a vote of ${leaderEpoch}, saved ${saved}`);
    }
    if (effect.type !== 'event') return;
    if (effect.channel === '+vote-for-leader') {
      const [leader = '', epoch = ''] = effect.payload.split(' ');
      this.#vote(host, Number(epoch), leader);
    } else if (effect.channel === '+elected-leader') this.#elected(host);
    else if (effect.channel === '+switch-master') this.switches++;
  }

  #vote(host: SentinelHost, epoch: number, leader: string): void {
    const votes = this.#votes.get(epoch) ?? new Map<string, string>();
    this.#votes.set(epoch, votes);
    const before = votes.get(host.id) ?? leader;
    assert(before === leader, `${host.id}: voted for ${before} and ${leader} in epoch ${epoch}`);
    votes.set(host.id, leader);
  }

  #elected(host: SentinelHost): void {
    const { failoverEpoch: epoch, forced } = host.state!.masters.get(GROUP)!;
    if (forced) return; // SENTINEL FAILOVER asks nobody.
    const leader = this.#leaders.get(epoch) ?? host.id;
    assert(leader === host.id, `epoch ${epoch} has two leaders: ${leader} and ${host.id}`);
    this.#leaders.set(epoch, host.id);
    this.elections++;
    const runid = host.state!.myid;
    const votes = [...(this.#votes.get(epoch)?.values() ?? [])].filter((vote) => vote === runid);
    const majority = Math.floor(this.#sentinels / 2) + 1;
    assert(votes.length >= majority, `${host.id}: leads epoch ${epoch} with ${votes.length} votes`);
  }
}
