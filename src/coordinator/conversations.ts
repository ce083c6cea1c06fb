/**
 * A sentinel's part in what the sentinels of a cluster say to each other: through the coordinator,
 * or, while that is dead or stands still, over the wire between the two. An election waits neither
 * for it nor for the main thread.
 */
import type { Answer, Question, SentinelEffect, SentinelMessage } from '../sentinel/messages.js';
import { type Conversation, isCarried, isConversation, type ToCoordinator } from './frames.js';

/** What it needs of the thread that it is in. `Peer` is how that knows another actor. */
export interface ConversationsHost<Peer extends { readonly id: string }> {
  myid(): string;
  peer(id: string): Peer | undefined;
  /** Whether a partition separates this sentinel from it. */
  isCut(peer: Peer): boolean;
  /** Null: there is none, or its loop does not turn. */
  coordinator(): Peer | null;
  /** @returns false: it takes nothing. */
  send(to: Peer, frame: Conversation | ToCoordinator): boolean;
  offer(message: SentinelMessage): void;
}

export class Conversations<Peer extends { readonly id: string }> {
  readonly #host: ConversationsHost<Peer>;
  /** Which thread a sentinel of this process lives in, by run id; learnt from its frames. */
  readonly #idOfRunid = new Map<string, string>();

  constructor(host: ConversationsHost<Peer>) {
    this.#host = host;
  }

  /** @param to - the other sentinel's actor. */
  ask(to: string, question: Question): void {
    this.#tell(to, { type: 'question', question });
  }

  answer({ to, answer }: SentinelEffect & { type: 'answer' }): void {
    const id = this.#idOfRunid.get(to);
    if (id !== undefined) this.#tell(id, { type: 'answer', answer });
  }

  /** This sentinel leads the failover of that epoch: the log of elections shall tell it. */
  elected(master: string, epoch: number): void {
    this.#post({ type: 'elected', runid: this.#host.myid(), master, epoch });
  }

  /** A frame on a wire: another sentinel of the process asks or answers. */
  onFrame(from: string, frame: { readonly type: string }): void {
    if (isConversation(frame)) this.#onMessage(from, frame);
    if (!isCarried(frame)) return;
    const sender = this.#host.peer(frame.from);
    // A cut that came while it was under way holds as it does on a wire.
    if (sender === undefined || this.#host.isCut(sender)) return;
    this.#onMessage(sender.id, frame.message);
  }

  #onMessage(from: string, message: Conversation): void {
    const { runid } = message;
    this.#idOfRunid.set(runid, from);
    if (message.type === 'question') {
      this.#host.offer({ type: 'question', from: runid, question: message.question });
    } else this.#host.offer({ type: 'answer', from: runid, answer: message.answer });
  }

  /**
   * A frame that is lost (a partition, a dead thread) is a question unanswered: it is asked again.
   */
  #tell(
    to: string,
    frame: { type: 'question'; question: Question } | { type: 'answer'; answer: Answer },
  ): void {
    const peer = this.#host.peer(to);
    if (peer === undefined) return;
    const message: Conversation = { ...frame, runid: this.#host.myid() };
    if (!this.#post({ type: 'carry', to, message })) this.#host.send(peer, message);
  }

  /** @returns whether there is a coordinator whose loop turns, and it was sent there. */
  #post(frame: ToCoordinator): boolean {
    const coordinator = this.#host.coordinator();
    return coordinator !== null && this.#host.send(coordinator, frame);
  }
}
