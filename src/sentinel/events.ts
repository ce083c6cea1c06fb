/**
 * Events as Redis words them: subscribers and scripts parse these texts.
 *
 * `+sdown` with `slave 127.0.0.1:6380 127.0.0.1 6380 @ mymaster 127.0.0.1 6379`.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelEvent()
 */
import type { Instance, Master } from './state.js';
import type { Turn } from './turn.js';

const words = { master: 'master', replica: 'slave', sentinel: 'sentinel' } as const;

/** @returns `<type> <name> <ip> <port>`, and for all but masters ` @ <master> <ip> <port>`. */
function describe(turn: Turn, instance: Instance, master: Master): string {
  const { host, port } = turn.shown(instance.address);
  const self = `${words[instance.kind]} ${instance.name} ${host} ${port}`;
  if (instance.kind === 'master') return self;
  const of = turn.shown(master.address);
  return `${self} @ ${master.name} ${of.host} ${of.port}`;
}

/**
 * Emit an event about an instance.
 *
 * @param more - what follows the instance's description, with its leading space.
 */
export function announce(turn: Turn, channel: string, instance: Instance, more = ''): void {
  const master = turn.masterOf(instance);
  turn.event(channel, describe(turn, instance, master) + more, master.name);
}

/** Emit `+new-epoch` with the epoch this sentinel is in now, entered for this master. */
export function announceEpoch(turn: Turn, master: Master): void {
  turn.event('+new-epoch', String(turn.currentEpoch), master.name);
}
