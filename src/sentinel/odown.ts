/**
 * ODOWN: enough sentinels say that the master is down. Asking them, and answering when asked.
 *
 * A weak quorum: the opinions may be seconds apart. It only starts an election, which needs a
 * majority of all sentinels known (election.ts).
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelCheckObjectivelyDown(),
 * sentinelAskMasterStateToOtherSentinels(), sentinelReceiveIsMasterDownReply()
 */
import type { Address } from '../base/address.js';
import { announce } from './events.js';
import type { Answer, Question } from './messages.js';
import { askedEpoch } from './shared-epoch.js';
import { canSend, inFailover } from './state.js';
import type { Master, Peer } from './state.js';
import type { Turn } from './turn.js';
import { voteForLeader } from './vote.js';

/** An answer older than this many ask periods is forgotten. */
const ANSWER_VALID_PERIODS = 5;

/** Update the master's ODOWN from this sentinel's SDOWN and the answers of the others. */
export function checkObjectivelyDown(turn: Turn, master: Master): void {
  let agree = 0;
  if (master.sdown) {
    agree = 1;
    for (const peer of master.sentinels.values()) if (peer.masterDown) agree++;
  }
  const down = agree >= master.quorum;
  if (down === master.odown) return;
  if (!down) {
    announce(turn, '-odown', master);
    turn.update(master, { odown: false, candidacyAt: null });
    return;
  }
  announce(turn, '+odown', master, ` #quorum ${agree}/${master.quorum}`);
  turn.update(master, { odown: true, odownSince: turn.now });
  // Whoever leads will choose by offset: have figures from after the failure ready.
  for (const replica of master.replicas.values()) turn.update(replica, { infoWanted: true });
}

/**
 * Ask the other sentinels about a master that is down for this one, once a period.
 *
 * @param forced - at once, whenever they were asked before: used when this sentinel becomes a
 * candidate, because from then on the question asks for a vote too.
 */
export function askOthers(turn: Turn, master: Master, forced: boolean): void {
  const { askPeriodMs } = turn.profile;
  for (const known of master.sentinels.values()) {
    let peer = known;
    const validUntil = peer.answeredAt + ANSWER_VALID_PERIODS * askPeriodMs;
    if (turn.now > validUntil && (peer.masterDown || peer.leader !== null)) {
      peer = turn.update(peer, { masterDown: false, leader: null });
    } else if (peer.masterDown) turn.wakeBy(validUntil + 1);
    if (!master.sdown) continue;

    const dueAt = (peer.askedAt ?? -Infinity) + askPeriodMs;
    if (!forced && turn.now < dueAt) {
      turn.wakeBy(dueAt);
      continue;
    }
    ask(turn, master, peer);
  }
}

function ask(turn: Turn, master: Master, peer: Peer): void {
  const link = turn.link(peer.link);
  if (!canSend(link) || link.command === null) return;
  const question: Question = {
    master: master.name,
    address: turn.shown(master.address),
    epoch: askedEpoch(turn, master),
    candidate: inFailover(master) ? turn.myid : null,
  };
  turn.update(peer, { askedAt: turn.now });
  turn.effect({ type: 'question', to: peer.runid, link: link.command.id, question });
  turn.wakeBy(turn.now + turn.profile.askPeriodMs);
}

/**
 * Answer another sentinel: is the master down for this one, and whom did it vote for.
 *
 * The master is looked up by address, since names are each sentinel's own. In TILT nothing is
 * called down, but a vote is given: it rests on no clock.
 */
export function answerQuestion(turn: Turn, question: Question): Answer {
  const { master: name, address, epoch, candidate } = question;
  const found = masterAt(turn, address);
  const down = found !== undefined && found.sdown && turn.tiltSince === null;
  const none: Answer = { master: name, down, leader: null, leaderEpoch: 0 };
  if (found === undefined || candidate === null) return none;
  return { ...none, ...voteForLeader(turn, found, epoch, candidate) };
}

function masterAt(turn: Turn, address: Address): Master | undefined {
  for (const master of turn.masters.values()) {
    if (turn.same(master.address, address)) return master;
  }
  return undefined;
}

/** Take an answer; what it says of the leader is its sender's vote. */
export function onAnswer(turn: Turn, from: string, answer: Answer): void {
  const peer = turn.masters.get(answer.master)?.sentinels.get(from);
  if (peer === undefined) return;
  turn.update(peer, { answeredAt: turn.now, masterDown: answer.down });
  if (answer.leader === null) return;
  if (answer.leaderEpoch !== peer.leaderEpoch) {
    turn.effect({
      type: 'log',
      text: `${from} voted for ${answer.leader} ${answer.leaderEpoch}`,
    });
  }
  turn.update(peer, { leader: answer.leader, leaderEpoch: answer.leaderEpoch });
}

/**
 * A sentinel asks only about a master that is down for itself, so the question is an opinion too.
 * Redis does not use it; it saves waiting for the next time this sentinel would ask.
 */
export function noteOpinion(turn: Turn, from: string, { address }: Question): void {
  for (const master of turn.masters.values()) {
    if (!turn.same(master.address, address)) continue;
    const peer = master.sentinels.get(from);
    if (peer !== undefined) turn.update(peer, { masterDown: true, answeredAt: turn.now });
  }
}
