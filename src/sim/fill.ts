/** Data that are not written by the clients of a simulation. */
import { encodeCommand } from '../resp/encode-command.js';
import { connect } from './connection.js';
import type { Endpoint, Network } from './network.js';
import type { SimNode } from './sim-node.js';

/** Commands, and bytes of each: more than clients write in a run. */
const COMMANDS = 50;
const BYTES = 4000;

/** Have a node's history grow, and the key be 1. */
export function fill(network: Network, node: SimNode, key: string): void {
  const user: Endpoint = { id: 'stranger', alive: true, frozenUntil: 0, life: 0 };
  const [near, far] = connect(network, user, node);
  node.accept(far, 'network');
  const filler = 'x'.repeat(BYTES);
  for (let i = 0; i < COMMANDS; i++) near.postMessage(encodeCommand(['SET', 'filler', filler]));
  near.postMessage(encodeCommand(['DEL', 'filler']));
  near.postMessage(encodeCommand(['SET', key, '1']));
}

/** Of each value of a burst, and of what is sent at once. */
const VALUE_BYTES = 8000;
const CHUNK_COMMANDS = 8;

/** So many keys are written in turn: a full sync takes more than one chunk. */
const BURST_KEYS = 40;

/** A user writes so many bytes as fast as the node takes them. */
export function burst(network: Network, node: SimNode, bytes: number): void {
  const user: Endpoint = { id: 'writer', alive: true, frozenUntil: 0, life: 0 };
  const [near, far] = connect(network, user, node);
  near.on('message', () => {});
  node.accept(far, 'network');
  const value = 'x'.repeat(VALUE_BYTES);
  const commands = Array.from({ length: BURST_KEYS }, (_, key) =>
    encodeCommand(['SET', `burst:${key}`, value]),
  );
  for (let sent = 0, next = 0; sent < bytes; next += CHUNK_COMMANDS) {
    const first = next % BURST_KEYS;
    const chunk = Buffer.concat(commands.slice(first, first + CHUNK_COMMANDS));
    near.postMessage(chunk);
    sent += chunk.length;
  }
}
