/**
 * `min-replicas-to-write`: a master that hears too few of its replicas takes writes no longer than
 * `min-replicas-max-lag` allows.
 *
 * As Redis keeps it: a lag is counted in whole Unix seconds, so that one of exactly the limit, and
 * up to a second more, is still good; what came while a master stood still is heard when it reads
 * it. It bounds how long an isolated master goes on, and so what is lost of what it acknowledged;
 * what it acknowledged before may be lost all the same.
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
  /** Of each node: since when another one does not get through to it. */
  readonly #unheardSince = new Map<SimNode, Map<SimNode, Millis>>();

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
      const unheard = this.#unheardSince.get(node) ?? new Map<SimNode, Millis>();
      this.#unheardSince.set(node, unheard);
      for (const other of this.#nodes) {
        if (other === node) continue;
        if (!this.#network.isCut(other.id, node.id)) unheard.delete(other);
        else if (!unheard.has(other)) unheard.set(other, this.#network.now);
      }
    }
  }

  /** The node has just acknowledged a write. */
  acknowledged(node: SimNode, { key, value, begunAt }: Operation): void {
    const unheard = this.#unheardSince.get(node);
    if (unheard === undefined) return;
    const { toWrite, maxLagSeconds } = this.#rule;
    const others = this.#nodes.length - 1;
    if (others - unheard.size >= toWrite) return;
    this.#coverage.count('writes while min-replicas-max-lag runs out');
    const tooLong = [...unheard.values()]
      .map((since) => Math.max(since, node.frozenUntil))
      .filter((since) => begunAt - since >= (maxLagSeconds + 1) * 1000);
    check(
      others - tooLong.length >= toWrite,
      'a master without its replicas takes no writes',
      () =>
        `${node.id}: ${key}=${value}, asked at ${begunAt}, without them since ${tooLong.join()}`,
    );
  }
}
