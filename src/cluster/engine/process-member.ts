/** A node or sentinel that is a process: what is known of it over all its lives. */
import type { Address } from '../../base/address.js';
import type { Millis } from '../../base/time.js';
import type { FaultProxy } from '../../io/fault-proxy.js';
import type { GroupMember } from '../agreement.js';
import type { NodeInfo } from '../members.js';
import type { Child } from './child.js';
import type { ProcessPlan } from './programs.js';

export class ProcessMember implements GroupMember {
  readonly spec: { readonly id: string };
  readonly kind: ProcessPlan['kind'];
  readonly memory = null;
  readonly plan: ProcessPlan;
  readonly proxy: FaultProxy;
  state: GroupMember['state'] = 'starting';
  isFrozen = false;
  /** Of a node, as it last said. */
  role: NodeInfo['role'];
  offset = 0;
  child: Child | null = null;
  restarts: readonly Millis[] = [];
  /** It was master, and waits for another node to become master. */
  waitsForFailover = false;
  /** It follows a master, and its link to it stands. */
  #hasLink = false;

  constructor(plan: ProcessPlan, proxy: FaultProxy, role: NodeInfo['role']) {
    this.spec = { id: `${plan.kind}-${plan.i}` };
    this.kind = plan.kind;
    this.plan = plan;
    this.proxy = proxy;
    this.role = role;
  }

  get id(): string {
    return this.spec.id;
  }

  /** Where others find it. */
  get address(): Address {
    return this.plan.announced;
  }

  /**
   * Take in what a node says of itself by INFO replication.
   *
   * @param tell - is told what is new: `role-changed`, `link-up`, `link-down`.
   */
  read(fields: ReadonlyMap<string, string>, tell: (name: string, payload: unknown) => void): void {
    const said = fields.get('role');
    if (said !== 'master' && said !== 'slave') return;
    const role = said === 'master' ? 'master' : 'replica';
    const offset = role === 'master' ? 'master_repl_offset' : 'slave_repl_offset';
    this.offset = Number(fields.get(offset) ?? 0);
    const hasLink = fields.get('master_link_status') === 'up';
    if (role !== this.role) {
      this.role = role;
      tell('role-changed', role);
    }
    if (hasLink === this.#hasLink) return;
    this.#hasLink = hasLink;
    const master = { master: `${fields.get('master_host')}:${fields.get('master_port')}` };
    if (hasLink) tell('link-up', master);
    else if (role === 'replica') tell('link-down', master);
  }

  describe(): Omit<NodeInfo, 'role' | 'offset'> {
    const { id, address, isFrozen, state } = this;
    return { id, ...address, state: isFrozen ? 'frozen' : state };
  }
}
