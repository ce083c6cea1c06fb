/**
 * The host of a state machine: mailbox → step → effects, one message at a time.
 *
 * The host reads the clock once per message and passes it in, so that one decision never sees two
 * times; it performs a step's effects in their order and only then takes the next message, so that
 * "persist, then answer" is true of the outside world. A throw, in a step or an effect, is a broken
 * invariant: the host does not catch it and the thread dies.
 */
import type { Clock, Millis } from '../base/time.js';
import type { Prng } from '../base/prng.js';
import type { Env, StateMachine } from './state-machine.js';
import { Mailbox, type OfferResult } from './mailbox.js';

/** What an effect may do to the state machine it came from. */
export interface HostHandle<Message> {
  offer(message: Message): OfferResult;
  wakeAt(at: Millis, message: Message): void;
}

/** What the host needs from its surroundings. */
export interface HostOptions<Message, Effect> {
  /** Do one effect, now. Asynchronous consequences come back as messages, by `host.offer`. */
  perform(effect: Effect, env: Env, host: HostHandle<Message>): void;
  readonly clock: Clock;
  readonly random: Prng;
  /** Run `callback` after `delayMs`; returns what cancels it. */
  schedule(delayMs: Millis, callback: () => void): () => void;
  /** Messages that may wait; default 1024. */
  readonly capacity?: number;
}

const DEFAULT_MAILBOX_CAPACITY = 1024;

/** Messages handled before the event loop gets its turn, so that timers and sockets live on. */
const MESSAGES_PER_TURN = 256;

export class Host<Config, State, Message, Effect> implements HostHandle<Message> {
  readonly #machine: StateMachine<Config, State, Message, Effect>;
  readonly #options: HostOptions<Message, Effect>;
  readonly #mailbox: Mailbox<Message>;
  #state: State;
  #running = true; // Until the effects of init are done, what they offer waits.
  #cancelWake: (() => void) | null = null;
  #stopped = false;

  constructor(
    machine: StateMachine<Config, State, Message, Effect>,
    config: Config,
    options: HostOptions<Message, Effect>,
  ) {
    this.#machine = machine;
    this.#options = options;
    this.#mailbox = new Mailbox(options.capacity ?? DEFAULT_MAILBOX_CAPACITY);
    const env = this.#env();
    const { state, ready } = machine.init(config, env);
    this.#state = state;
    for (const effect of ready) options.perform(effect, env, this);
    this.#run();
  }

  /** The state after the last whole step, for inspection; the host never hands out less. */
  get state(): State {
    return this.#state;
  }

  /** Messages waiting in the mailbox. */
  get waiting(): number {
    return this.#mailbox.size;
  }

  /**
   * Give the state machine a message. Handled before the call returns, unless a step is under way
   * (an effect offering to its own host) or the turn is over: then it waits its turn.
   */
  offer(message: Message): OfferResult {
    if (this.#stopped) return 'full';
    const result = this.#mailbox.offer(message);
    if (result === 'accepted' && !this.#running) this.#run();
    return result;
  }

  /**
   * Offer `message` at `at` (monotonic ms): the next tick. There is one such timer; a later
   * call replaces the earlier one. A full mailbox delays the tick, it does not lose it.
   */
  wakeAt(at: Millis, message: Message): void {
    this.#cancelWake?.();
    const delayMs = Math.max(0, at - this.#options.clock.monotonicMs());
    this.#cancelWake = this.#options.schedule(delayMs, () => {
      this.#cancelWake = null;
      if (this.offer(message) === 'full' && !this.#stopped) {
        this.wakeAt(this.#options.clock.monotonicMs() + 1, message);
      }
    });
  }

  /** Take no more messages and forget the timer. */
  stop(): void {
    this.#stopped = true;
    this.#cancelWake?.();
    this.#cancelWake = null;
    while (this.#mailbox.take() !== undefined);
  }

  #run(): void {
    this.#running = true;
    for (let handled = 0; handled < MESSAGES_PER_TURN; handled += 1) {
      const message = this.#mailbox.take();
      if (message === undefined) {
        this.#running = false;
        return;
      }
      const env = this.#env();
      const { state, ready } = this.#machine.step(this.#state, message, env);
      this.#state = state;
      for (const effect of ready) {
        if (this.#stopped) return;
        this.#options.perform(effect, env, this);
      }
    }
    this.#options.schedule(0, () => this.#run());
  }

  #env(): Env {
    const { clock, random } = this.#options;
    return { now: clock.monotonicMs(), wallMs: clock.wallMs(), random };
  }
}
