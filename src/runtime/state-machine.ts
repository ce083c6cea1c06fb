/**
 * The rules of an actor as a state machine: an initial state and a pure step.
 *
 * A step reads no clock, rolls no dice, sends nothing: `env` holds the only time and randomness,
 * and what must happen outside is returned as `ready`, a list of effects that the host performs
 * in order (so "persist, then answer" is written as exactly that). The same code therefore runs on
 * threads, over TCP and in the simulator (src/sim).
 *
 * @see etcd-io/raft, node.go, type Ready
 */
import type { Millis } from '../base/time.js';
import type { Prng } from '../base/prng.js';

/** The step's outside: read once by the host before the step, and passed in. */
export interface Env {
  /** Monotonic ms; for timeouts and intervals. */
  readonly now: Millis;
  /** Unix ms; only for what people or peers read. */
  readonly wallMs: Millis;
  readonly random: Prng;
}

/** What a step gives back: the state to keep, and what the host must do, in this order. */
export interface Step<State, Effect> {
  readonly state: State;
  readonly ready: readonly Effect[];
}

export interface StateMachine<Config, State, Message, Effect> {
  /** The state before the first message. Pure. */
  init(config: Config, env: Env): Step<State, Effect>;
  /** React to one message. Pure. A throw is a broken invariant: the host lets the thread die. */
  step(state: State, message: Message, env: Env): Step<State, Effect>;
}
