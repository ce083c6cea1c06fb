/** What clients asked and were told, in the order in which it happened. */
import type { Millis } from '../base/time.js';

/** `unknown`: no answer, so it may have been executed, or may be yet. */
export type Outcome = 'ok' | 'refused' | 'unknown';

export interface Operation {
  readonly client: string;
  readonly kind: 'read' | 'write';
  readonly key: string;
  /** Written, or read when it is over; 0: the key was not there. */
  value: number;
  readonly begunAt: Millis;
  /** Null: it is not over. */
  endedAt: Millis | null;
  outcome: Outcome | null;
  /** Of a write: how many replicas had it, as WAIT said; -1: that was not asked. */
  replicas: number;
}

export class History {
  /** Of the clients that there are. */
  readonly clients: number;
  readonly operations: Operation[] = [];
  readonly #now: () => Millis;

  constructor(clients: number, now: () => Millis) {
    this.clients = clients;
    this.#now = now;
  }

  begin(client: string, kind: Operation['kind'], key: string, value: number): Operation {
    const operation: Operation = {
      client,
      kind,
      key,
      value,
      begunAt: this.#now(),
      endedAt: null,
      outcome: null,
      replicas: -1,
    };
    this.operations.push(operation);
    return operation;
  }

  end(operation: Operation, outcome: Outcome, value: number): void {
    operation.endedAt = this.#now();
    operation.outcome = outcome;
    if (operation.kind === 'read') operation.value = value;
  }

  /** Whether every operation has ended. */
  get isOver(): boolean {
    return this.operations.every(({ endedAt }) => endedAt !== null);
  }

  /** Writes that were acknowledged. */
  acknowledged(): Operation[] {
    return this.operations.filter(({ kind, outcome }) => kind === 'write' && outcome === 'ok');
  }

  /**
   * Acknowledged writes that are gone.
   *
   * @param find - the value of a key at the end; 0: it is not there.
   */
  lost(find: (key: string) => number): Operation[] {
    return this.acknowledged().filter(({ key, value }) => find(key) < value);
  }
}
