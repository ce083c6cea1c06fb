/**
 * What a sentinel hears and what it asks of its host: the whole vocabulary of the actor.
 *
 * The rules see links, never sockets: the host decides whether a link is a TCP connection or a
 * port to another thread. Effects are performed in the order given; `persist` is on disk (fsync)
 * before the effect after it is begun, which is how a vote is persisted before it is answered.
 */
import type { Address } from '../base/address.js';
import type { Reply } from '../resp/reply.js';
import type { EventLevel } from './event-level.js';
import type { ScriptEnd } from './script-queue.js';
import type { Millis } from '../base/time.js';

/** Names one connection; never used again once it is closed. */
export type LinkId = number;

/** What a reply on a link answers; `ignored` for commands whose effect is seen in INFO instead. */
export type ReplyTag = 'ping' | 'info' | 'hello' | 'failover' | 'subscribe' | 'ignored';

/** "Is this master down for you? And would you vote for this candidate?" */
export interface Question {
  /** The asker's name for the master; the answer returns it. */
  readonly master: string;
  readonly address: Address;
  /** The asker's current epoch. */
  readonly epoch: number;
  /** Run id of the sentinel that wants the vote; null asks for an opinion only. */
  readonly candidate: string | null;
}

/** The answer to a {@link Question}. */
export interface Answer {
  readonly master: string;
  readonly down: boolean;
  /** Run id voted for; null when there is no vote to tell. */
  readonly leader: string | null;
  /** The epoch of that vote; 0 when none was asked for. */
  readonly leaderEpoch: number;
}

export type SentinelMessage =
  /** The wake asked for by the last `wake` effect is due. */
  | { readonly type: 'tick' }
  | {
      readonly type: 'link-opened';
      readonly link: LinkId;
      /** It leads to an actor of this process. */
      readonly isLocal: boolean;
      /** This side's address on it; null: it has none. */
      readonly localHost: string | null;
    }
  /** Refused, lost or closed by the other side; not sent for what `close-link` closed. */
  | {
      readonly type: 'link-closed';
      readonly link: LinkId;
      readonly why: string;
      /** Since the heart at the other end last beat; absent: the host did not listen to it. */
      readonly heardAgoMs?: Millis | undefined;
    }
  | {
      readonly type: 'reply';
      readonly link: LinkId;
      readonly tag: ReplyTag;
      readonly value: Reply;
    }
  | {
      readonly type: 'pubsub';
      readonly link: LinkId;
      readonly channel: string;
      readonly payload: string;
    }
  /** Another sentinel of the process asks; answered by an `answer` effect to `from`. */
  | { readonly type: 'question'; readonly from: string; readonly question: Question }
  | { readonly type: 'answer'; readonly from: string; readonly answer: Answer }
  /** The runtime knows that this actor's thread ended: nothing listens at the address any more. */
  | { readonly type: 'actor-down'; readonly address: Address }
  /** A thread listens at the address (again). */
  | { readonly type: 'actor-up'; readonly address: Address }
  /** A node of the process says that its INFO has changed. */
  | { readonly type: 'node-news'; readonly address: Address }
  /**
   * The host hears the heart of the actor at the other end: it beats, or has fallen silent. Told
   * when that changes; a link that it was never told of is not heard.
   */
  | { readonly type: 'heart'; readonly link: LinkId; readonly beats: boolean }
  /** What a name that was asked for leads to; null: to nothing. */
  | { readonly type: 'resolved'; readonly host: string; readonly ip: string | null }
  /** `pid` null: the process could not be made. */
  | { readonly type: 'script-started'; readonly job: number; readonly pid: number | null }
  | { readonly type: 'script-ended'; readonly job: number; readonly end: ScriptEnd }
  /** A client's command; answered by a `reply` effect. */
  | {
      readonly type: 'command';
      readonly clientId: number;
      readonly args: readonly string[];
      /** Those of them that are the paths of executable files; absent: none was looked at. */
      readonly executable?: readonly string[];
      /** Those of them that are names of hosts, and what they lead to. */
      readonly names?: ReadonlyMap<string, string>;
    };

export type SentinelEffect =
  /** Replace the configuration file, and return only when it is on disk. */
  | { readonly type: 'persist'; readonly configText: string }
  | {
      readonly type: 'open-link';
      readonly link: LinkId;
      readonly address: Address;
      readonly kind: 'command' | 'pubsub';
      /** The sentinel's run id, if the link leads to one; null for a node. */
      readonly sentinel: string | null;
    }
  | { readonly type: 'close-link'; readonly link: LinkId }
  | {
      readonly type: 'send';
      readonly link: LinkId;
      readonly args: readonly string[];
      readonly tag: ReplyTag;
    }
  /**
   * Ask the sentinel behind `link`: as a frame inside the process, as SENTINEL
   * IS-MASTER-DOWN-BY-ADDR over TCP.
   */
  | {
      readonly type: 'question';
      readonly to: string;
      readonly link: LinkId;
      readonly question: Question;
    }
  | { readonly type: 'answer'; readonly to: string; readonly answer: Answer }
  | {
      readonly type: 'reply';
      readonly clientId: number;
      readonly reply: Reply;
      /** It tells of what a restart must still know: not to be sent before that is on disk. */
      readonly restsOnFile: boolean;
    }
  /** Publish to this sentinel's subscribers (not what is for debugging), and log. */
  | {
      readonly type: 'event';
      readonly level: EventLevel;
      /** The event's name. */
      readonly channel: string;
      readonly payload: string;
    }
  /** Into the log alone, as a warning, one character per byte. */
  | { readonly type: 'log'; readonly text: string }
  | {
      readonly type: 'run-script';
      readonly job: number;
      readonly argv: readonly [path: string, ...args: string[]];
    }
  /** Look the host's name up; answered by `resolved`. */
  | { readonly type: 'resolve'; readonly host: string }
  /** By SIGKILL. */
  | { readonly type: 'kill-script'; readonly job: number }
  /** End this sentinel at once: a failure that was asked for. */
  | { readonly type: 'crash'; readonly why: string }
  /** Send one `tick` at this moment (`env.now`'s clock); replaces the wake asked for before. */
  | { readonly type: 'wake'; readonly atMs: Millis };
