/**
 * `min-replicas-to-write`: a master that hears too few of its replicas takes writes no longer than
 * `min-replicas-max-lag` allows.
 *
 * As Redis keeps it: a lag is counted in whole Unix seconds, so that one of exactly the limit, and
 * up to a second more, is still good. It bounds how long an isolated master goes on, and so what is
 * lost of what it acknowledged; what it acknowledged before may be lost all the same.
 */
import type { Millis } from '../../base/time.js';
import type { Coverage } from '../coverage.js';
import type { Operation } from '../history.js';
import type { Network } from '../network.js';
import type { MinReplicas } from '../options.js';
import type { SimNode } from '../sim-node.js';
import { check } from '../violation.js';

export class MinReplicasCheck {
  readonly #rule: MinReplicas;
  readonly #network: Network;
  readonly #nodes: readonly SimNode[];
  readonly #coverage: Coverage;
  /** Since when so few others get through to a node that it must refuse writes in the end. */
  readonly #deafSince = new Map<SimNode, Millis>();

  /** @param nodes - of the only group. */
  constructor(rule: MinReplicas, network: Network, nodes: readonly SimNode[], coverage: Coverage) {
    this.#rule = rule;
    this.#network = network;
    this.#nodes = nodes;
    this.#coverage = coverage;
  }

  /** Something was cut, or healed. */
  onCuts(): void {
    for (const node of this.#nodes) {
      const heard = this.#nodes.filter(
        (other) => other !== node && !this.#network.isCut(other.id, node.id),
      );
      if (heard.length >= this.#rule.toWrite) this.#deafSince.delete(node);
      else if (!this.#deafSince.has(node)) this.#deafSince.set(node, this.#network.now);
    }
  }

  /** The node has just acknowledged a write. */
  acknowledged(node: SimNode, { key, value, begunAt }: Operation): void {
    const since = this.#deafSince.get(node);
    if (since === undefined) return;
    this.#coverage.count('writes while min-replicas-max-lag runs out');
    check(
      begunAt - since < (this.#rule.maxLagSeconds + 1) * 1000,
      'a master without its replicas takes no writes',
      () => `${node.id}: ${key}=${value}, asked at ${begunAt}, without them since ${since}`,
    );
  }
}
