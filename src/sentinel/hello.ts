/**
 * Say hello, and learn from the hellos of others: new sentinels, newer epochs, a newer master.
 *
 * The configuration with the higher epoch wins, which is how a failover done by one sentinel
 * becomes everybody's. (Of two with the same: see isTieLost.)
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelProcessHelloMessage()
 */
import type { Address } from '../base/address.js';
import { announce, announceEpoch } from './events.js';
import { formatHello, parseHello, HELLO_CHANNEL } from './hello-text.js';
import type { Hello } from './hello-text.js';
import { disconnect, release, send } from './links.js';
import { changeAddress } from './reset.js';
import { callClientReconfig } from './scripts.js';
import { canSend, currentMasterAddress, formatAddress, newPeer } from './state.js';
import type { Instance, Master, Peer } from './state.js';
import type { Turn } from './turn.js';

/** Publish this sentinel's view of the instance's group to the instance. */
export function sendHello(turn: Turn, instance: Instance): void {
  if (!canSend(turn.link(instance.link))) return;
  const master = turn.masterOf(instance);
  const payload = formatHello({
    address: announcedTo(turn, instance),
    runid: turn.myid,
    currentEpoch: turn.currentEpoch,
    masterName: master.name,
    masterAddress: turn.shown(currentMasterAddress(master)),
    configEpoch: master.configEpoch,
  });
  send(turn, instance.link, ['PUBLISH', HELLO_CHANNEL, payload], 'hello');
  turn.update(instance, { helloSentAt: turn.now });
}

/**
 * Where others can reach this sentinel: as it was told, or by the address it has on its own
 * connection to this instance.
 */
function announcedTo(turn: Turn, instance: Instance): Address {
  const { announceIp, announcePort } = turn.settings;
  const { localHost } = turn.link(instance.link);
  return {
    host: announceIp ?? localHost ?? turn.address.host,
    port: announcePort ?? turn.address.port,
  };
}

/** Tell the whole group at the next chance: used when the configuration changed here. */
export function forceHellos(turn: Turn, master: Master): void {
  for (const instance of turn.group(master.name)) turn.update(instance, { helloSentAt: null });
}

/**
 * Take a hello, from a node's channel or straight from a sentinel.
 *
 * @returns whether it told anything new.
 */
export function onHello(turn: Turn, payload: string): boolean {
  const hello = parseHello(payload);
  if (hello === null || hello.runid === turn.myid) return false;
  const master = turn.masters.get(hello.masterName);
  if (master === undefined) return false;
  if (!turn.knows(hello.address.host) || !turn.knows(hello.masterAddress.host)) return false;

  const peer = learnPeer(turn, master, hello);
  const news =
    master.sentinels.get(hello.runid) !== peer ||
    hello.currentEpoch > turn.currentEpoch ||
    hello.configEpoch > master.configEpoch ||
    isTieLost(turn, master, hello);
  if (turn.noteEpoch(hello.currentEpoch, null)) announceEpoch(turn, master);
  learnMaster(turn, peer, hello);
  turn.update(peer, { lastHelloAt: turn.now });
  return news;
}

/** Know the sentinel under the address it says, and only there. */
function learnPeer(turn: Turn, master: Master, { address, runid }: Hello): Peer {
  const known = master.sentinels.get(runid);
  if (known !== undefined && turn.same(known.address, address)) return known;
  if (known !== undefined) {
    const of = turn.shown(master.address);
    turn.event(
      '+sentinel-address-switch',
      `master ${master.name} ${of.host} ${of.port} ` +
        `ip ${address.host} port ${address.port} for ${runid}`,
      master.name,
    );
  } else {
    // One address, two run ids: the older sentinel is gone, the address was taken over.
    for (const other of master.sentinels.values()) {
      if (!turn.same(other.address, address)) continue;
      announce(turn, '+sentinel-invalid-addr', other);
      forgetPeer(turn, other.runid);
    }
  }
  const peer = newPeer(master, address, runid, turn.now);
  turn.put(peer);
  if (known !== undefined) moveEverywhere(turn, peer);
  turn.update(turn.masterOf(peer), { newsAt: turn.now });
  if (known === undefined) announce(turn, '+sentinel', peer);
  turn.persist();
  return peer;
}

/**
 * A sentinel has another address in all groups: none of them counts a voter less meanwhile. The
 * link, which they share, is opened anew.
 */
function moveEverywhere(turn: Turn, moved: Peer): void {
  let others = 0;
  for (const { name, sentinels } of turn.masters.values()) {
    const peer = sentinels.get(moved.runid);
    if (peer === undefined || name === moved.master) continue;
    turn.update(peer, { address: moved.address });
    others++;
  }
  disconnect(turn, moved.link);
  if (others > 0) {
    announce(turn, '+sentinel-address-update', moved, ` ${others} additional matching instances`);
  }
}

/** Forget a sentinel in every group, and with it the link to its old address. */
function forgetPeer(turn: Turn, runid: string): void {
  for (const master of turn.masters.values()) {
    const peer = master.sentinels.get(runid);
    if (peer === undefined) continue;
    const sentinels = new Map(master.sentinels);
    sentinels.delete(runid);
    turn.update(master, { sentinels });
    release(turn, peer.link);
  }
}

/**
 * Ours: whether a hello names another master under the very epoch that this sentinel has one of.
 * Two votes never do that, but a failover by hand asks for none: behind a partition it takes the
 * epoch that an election takes beyond it. Redis' sentinels then name two masters until the next
 * failover; of these, all of ours take the one whose address comes later.
 */
function isTieLost(turn: Turn, master: Master, { configEpoch, masterAddress }: Hello): boolean {
  if (!turn.profile.guards || configEpoch === 0 || configEpoch !== master.configEpoch) return false;
  const own = currentMasterAddress(master);
  return !turn.same(own, masterAddress) && formatAddress(own) < formatAddress(masterAddress);
}

function learnMaster(turn: Turn, peer: Peer, hello: Hello): void {
  const master = turn.masterOf(peer);
  if (master.configEpoch >= hello.configEpoch && !isTieLost(turn, master, hello)) return;
  turn.update(master, { configEpoch: hello.configEpoch });
  turn.persist();
  // One that leads a failover of its own has told others of the replica it promoted: it takes that
  // back, or one epoch would have two masters. (Redis compares the old address only.)
  const told = currentMasterAddress(master);
  const isKnown = [master.address, told].every((known) => turn.same(known, hello.masterAddress));
  if (isKnown) return;

  announce(turn, '+config-update-from', peer);
  const { name } = master;
  // Its own choice, by a newer epoch: those who listen have not heard of that one yet.
  const isOwnChoice = turn.same(told, hello.masterAddress);
  const address = turn.shown(isOwnChoice ? master.address : told);
  const { host, port } = turn.shown(hello.masterAddress);
  turn.event('+switch-master', `${name} ${address.host} ${address.port} ${host} ${port}`, name);
  callClientReconfig(turn, master, 'observer', hello.masterAddress);
  changeAddress(turn, master, hello.masterAddress);
}
