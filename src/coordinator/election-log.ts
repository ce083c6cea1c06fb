/**
 * The log of elections: what the sentinels' messages tell, in the order in which they passed.
 *
 * Questions are repeated many times a second while a master is down, so only what is new makes an
 * entry: an opinion that has changed, the first request of a candidate in an epoch, a vote, a
 * winner.
 */
import { assertNever } from '../base/assert.js';
import type { Millis } from '../base/time.js';
import type { Conversation, ToCoordinator } from './frames.js';

/** `sentinel`: an actor's id. `master`: as the sentinels call it. `epoch`: of the election. */
export type ElectionNews =
  /** It believes that the master is down, or no more. */
  | {
      readonly type: 'opinion';
      readonly sentinel: string;
      readonly master: string;
      readonly isDown: boolean;
    }
  /** It stands as a candidate, and has voted for itself. */
  | {
      readonly type: 'candidate';
      readonly sentinel: string;
      readonly master: string;
      readonly epoch: number;
    }
  /** `leader`: the actor that it votes for, or a run id, if that belongs to no actor here. */
  | {
      readonly type: 'vote';
      readonly sentinel: string;
      readonly master: string;
      readonly epoch: number;
      readonly leader: string;
    }
  | {
      readonly type: 'elected';
      readonly sentinel: string;
      readonly master: string;
      readonly epoch: number;
    };

export type ElectionEntry = ElectionNews & {
  /** From 1, without gaps within one life of the coordinator. */
  readonly number: number;
  /** Unix ms with fractions, on the clock that all threads of the process share. */
  readonly atMs: Millis;
};

/** Entries that are kept for who looks later; the oldest go first. */
export const LOG_CAPACITY = 1_000;

export class ElectionLog {
  #entries: ElectionEntry[] = [];
  #count = 0;
  /** What was last said by whom about which master: the key names speaker, master and kind. */
  readonly #last = new Map<string, string | number | boolean>();
  readonly #idOfRunid = new Map<string, string>();

  /** The latest {@link LOG_CAPACITY}, oldest first. */
  entries(): readonly ElectionEntry[] {
    return this.#entries;
  }

  /**
   * Note what a sentinel says.
   *
   * @param from - its actor's id.
   * @param nowMs - Unix ms.
   * @returns what of it is new, in order.
   */
  note(
    from: string,
    frame: Conversation | (ToCoordinator & { type: 'elected' }),
    nowMs: Millis,
  ): ElectionEntry[] {
    this.#idOfRunid.set(frame.runid, from);
    const news = this.#newsOf(from, frame).map((what): ElectionEntry => {
      this.#count += 1;
      return { ...what, number: this.#count, atMs: nowMs };
    });
    if (news.length > 0) this.#entries = [...this.#entries, ...news].slice(-LOG_CAPACITY);
    return news;
  }

  #newsOf(
    sentinel: string,
    frame: Conversation | (ToCoordinator & { type: 'elected' }),
  ): ElectionNews[] {
    switch (frame.type) {
      case 'question': {
        const { master, epoch, candidate } = frame.question;
        // Only a master that is down for the asker is asked about.
        const opinion = this.#opinion(sentinel, master, true);
        if (candidate === null || !this.#isNew(`candidate ${sentinel} ${master}`, epoch))
          return opinion;
        return [...opinion, { type: 'candidate', sentinel, master, epoch }];
      }
      case 'answer': {
        const { master, down, leader, leaderEpoch: epoch } = frame.answer;
        const opinion = this.#opinion(sentinel, master, down);
        if (leader === null || !this.#isNew(`vote ${sentinel} ${master}`, epoch)) return opinion;
        const known = this.#idOfRunid.get(leader) ?? leader;
        return [...opinion, { type: 'vote', sentinel, master, epoch, leader: known }];
      }
      case 'elected': {
        const { master, epoch } = frame;
        if (!this.#isNew(`elected ${sentinel} ${master}`, epoch)) return [];
        return [{ type: 'elected', sentinel, master, epoch }];
      }
      default:
        return assertNever(frame);
    }
  }

  #opinion(sentinel: string, master: string, isDown: boolean): ElectionNews[] {
    const key = `opinion ${sentinel} ${master}`;
    // At first every master is up, for all.
    if (!isDown && !this.#last.has(key)) return [];
    return this.#isNew(key, isDown) ? [{ type: 'opinion', sentinel, master, isDown }] : [];
  }

  #isNew(key: string, value: string | number | boolean): boolean {
    if (this.#last.get(key) === value) return false;
    this.#last.set(key, value);
    return true;
  }
}
