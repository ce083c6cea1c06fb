/** A master's replica by the place where it is. */
import type { Address } from '../base/address.js';
import type { Master, Replica } from './state.js';
import type { Turn } from './turn.js';

/** @returns undefined: the master has none there. */
export function replicaAt(
  turn: Pick<Turn, 'same'>,
  { replicas }: Master,
  place: Address,
): Replica | undefined {
  return [...replicas.values()].find(({ address }) => turn.same(address, place));
}
