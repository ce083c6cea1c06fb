/** What a command may answer beside a reply (spec.ts), as what runs scripts does too. */
import type { Reply } from './reply.js';

export interface RawReply {
  readonly type: 'raw';
  readonly bytes: Uint8Array;
}

export interface Blocked {
  readonly type: 'blocked';
  readonly reply: Promise<Reply | RawReply>;
  /**
   * @returns what the client is told when CLIENT UNBLOCK unblocks it as if the time were up; null:
   * it does not unblock it.
   */
  timeoutReply(): Reply | null;
  /** The client is answered by itself after some time. */
  readonly hasTimeout?: boolean;
}
