/** A failover under way: takes the steps that failover.ts decides. */
import {
  type Failover,
  type FailoverRequest,
  type FailoverTarget,
  type FailoverView,
  NO_FAILOVER,
  abortText,
  beginFailover,
  stepFailover,
} from './failover.js';

/** What a failover does to its node. */
export interface FailoverNode {
  view(): FailoverView;
  /** Clients' writes wait from now on, or go on. */
  pauseWrites(isPaused: boolean): void;
  /** Ask the replicas across sockets how far they are. */
  requestAcks(): void;
  /** Become the target's replica. */
  follow(target: FailoverTarget, isOrderOfSentinel: boolean): void;
  /** Be a master again. */
  takeBack(): void;
  log(text: string): void;
}

export class FailoverControl {
  readonly #node: FailoverNode;
  #failover: Failover = NO_FAILOVER;
  #isOrderOfSentinel = false;

  constructor(node: FailoverNode) {
    this.#node = node;
  }

  /** As INFO has it. */
  get state(): Failover['state'] {
    return this.#failover.state;
  }

  /** Whether the next PSYNC tells its master to take over. */
  get isHandingOver(): boolean {
    return this.#failover.state === 'failover-in-progress';
  }

  /**
   * @param isOrderOfSentinel - one of the process asks for it.
   * @returns null, or why not, as Redis words it.
   */
  begin(request: FailoverRequest, isOrderOfSentinel = false): string | null {
    const start = beginFailover(this.#failover, request, this.#node.view());
    if (start.type === 'refused') return start.error;
    this.#failover = start.failover;
    this.#isOrderOfSentinel = isOrderOfSentinel;
    this.#node.log(start.log);
    this.#node.pauseWrites(true);
    // Writes wait: not for what a replica says once a second.
    this.#node.requestAcks();
    return null;
  }

  /** Go on if it can: to be called at each turn of the cron and after acknowledgements. */
  step(): void {
    if (this.#failover.state !== 'waiting-for-sync') return;
    const step = stepFailover(this.#failover, this.#node.view());
    if (step.type === 'abort') this.abort(step.reason);
    if (step.type !== 'go') return;
    this.#failover = { state: 'failover-in-progress', target: step.target };
    this.#node.log(step.log);
    this.#node.follow(step.target, this.#isOrderOfSentinel);
  }

  /** The target serves this node: it has taken over. */
  onServed(): void {
    if (this.isHandingOver) this.#end();
  }

  /** The target does not want to. */
  onRejected(): void {
    if (this.isHandingOver) this.abort('Failover target rejected psync request');
  }

  /** Give it up. @returns false: there is none. */
  abort(reason: string): boolean {
    const failover = this.#failover;
    if (failover.state === 'no-failover') return false;
    this.#node.log(abortText(failover, reason));
    if (failover.state === 'failover-in-progress') this.#node.takeBack();
    this.#end();
    return true;
  }

  #end(): void {
    this.#failover = NO_FAILOVER;
    this.#node.pauseWrites(false);
  }
}
