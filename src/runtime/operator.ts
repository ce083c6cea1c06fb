/**
 * The operator's interface to one live actor, over comlink: look, and make it stand still.
 *
 * For people and tests, never for data: each call is a round trip through the actor's event loop.
 * A frozen actor answers nothing; it is let go through memory (ControlWords.thaw).
 */
import { expose, wrap } from 'comlink';
import type { MessagePort } from 'node:worker_threads';

export interface Operator {
  /** What the actor says of itself; its shape is the actor's own affair. */
  inspect(): unknown;
  /** Stand still once this call has been answered. */
  pause(): void;
  /** The thread's memory and time, whatever the actor is. */
  vitals(): Vitals;
}

/** The same from another thread: every answer is a promise. */
export type RemoteOperator = {
  readonly [Name in keyof Operator]: () => Promise<ReturnType<Operator[Name]>>;
};

export interface Vitals {
  /** Bytes. */
  readonly heapUsed: number;
  /** Bytes at which V8 ends the thread. */
  readonly heapLimit: number;
  /** Seconds since the thread started. */
  readonly uptimeSeconds: number;
  /**
   * Seconds that the thread has been on a CPU; null where the system does not tell (Linux does).
   */
  readonly cpuSeconds: number | null;
}

/** Actor's side: answer on `port` until it closes. */
export function serveOperator(operator: Operator, port: MessagePort): void {
  expose(operator, port);
  port.unref(); // An operator who looks on must not keep the actor alive.
}

/** Main thread's side. */
export function callOperator(port: MessagePort): RemoteOperator {
  port.unref();
  return wrap<Operator>(port);
}
