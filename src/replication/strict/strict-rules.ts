/** How a node of a strict cluster asks another one, and is answered. @see strict.ts */
import type { ReplicationPeer } from '../environment.js';
import type { StrictQuestion } from './strict-question.js';

/** How a question is dealt with. */
export type StrictAnswer =
  | { readonly state: 'serve' }
  /** Later: nothing is answered now. */
  | { readonly state: 'wait' }
  /** It must promise this first. */
  | { readonly state: 'ballot'; readonly ballot: number }
  | { readonly state: 'refuse'; readonly error: string };

/** The side that asks. */
export interface StrictReplica {
  /** @param hasNothing - it is about to say that it has no data. */
  question(hasNothing: boolean): StrictQuestion;
}

/** The side that is asked. */
export interface StrictMaster {
  /** @param offset - the last byte that the asking node has. */
  onAsked(peer: ReplicationPeer, question: StrictQuestion, offset: number): StrictAnswer;
}
