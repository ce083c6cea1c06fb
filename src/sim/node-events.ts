/** What a node's event tells of a run: it is counted, told, and looked at. */
import type { StreamChecks } from './checks/streams.js';
import { isLapping, LAPPED_RINGS } from './counted.js';
import type { Coverage } from './coverage.js';
import type { SimNode } from './sim-node.js';

/** What is needed of the world that the node is in. */
export interface EventWorld {
  readonly nodes: readonly SimNode[];
  readonly coverage: Coverage;
  readonly streams: StreamChecks;
  note(who: string, what: string): void;
}

export function seeNodeEvent(
  world: EventWorld,
  node: SimNode,
  name: string,
  payload: unknown,
): void {
  const { coverage, nodes, streams } = world;
  const facts = Object(payload);
  coverage.count(name);
  if (isLapping(name, payload)) coverage.count(LAPPED_RINGS);
  if (name === 'promoted') world.note(node.id, `is promoted: ${JSON.stringify(payload)}`);
  if (name === 'full-resync') world.note(node.id, `takes a full sync from ${facts.master}`);
  if (name !== 'partial-resync') return;
  world.note(node.id, `goes on at ${facts.offset} from ${facts.master}`);
  const master = nodes.find(
    ({ id, address }) => id === facts.master || facts.master === `${address.host}:${address.port}`,
  );
  if (master !== undefined) streams.resumed(node, master, Number(facts.offset));
}
