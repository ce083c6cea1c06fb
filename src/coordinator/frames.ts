/**
 * What the sentinels of a cluster say to each other, and how it goes through the coordinator.
 *
 * `Conversation` is the message itself, the same over a direct wire. On its way through it is
 * wrapped twice: for the coordinator with the receiver, for the receiver with the sender. Both are
 * actors' ids: a run id is known only once its owner has spoken.
 */
import type { Answer, Question } from '../sentinel/messages.js';

/** One sentinel to another; `runid` is the sender's. */
export type Conversation =
  | { readonly type: 'question'; readonly runid: string; readonly question: Question }
  | { readonly type: 'answer'; readonly runid: string; readonly answer: Answer };

/** A sentinel to the coordinator. */
export type ToCoordinator =
  | { readonly type: 'carry'; readonly to: string; readonly message: Conversation }
  /** The sender leads the failover of this epoch. */
  | {
      readonly type: 'elected';
      readonly runid: string;
      readonly master: string;
      readonly epoch: number;
    };

/** The coordinator to a sentinel. */
export interface Carried {
  readonly type: 'carried';
  readonly from: string;
  readonly message: Conversation;
}

const WORDS: ReadonlySet<string> = new Set<Conversation['type']>(['question', 'answer']);

/** Tells a conversation's frames from what else a wire may carry. */
export function isConversation(frame: { readonly type: string }): frame is Conversation {
  return WORDS.has(frame.type) && 'runid' in frame;
}

export function isCarried(frame: { readonly type: string }): frame is Carried {
  return frame.type === 'carried' && 'message' in frame;
}

export function isToCoordinator(frame: { readonly type: string }): frame is ToCoordinator {
  return (
    (frame.type === 'carry' && 'to' in frame) || (frame.type === 'elected' && 'epoch' in frame)
  );
}
