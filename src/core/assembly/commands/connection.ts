/** What the core does of the connection's commands: the rest of them is the host's. */
import { parsed, parseSigned } from '../bytes';
import { STREAM_DB } from '../layout';
import { arg, argLength } from '../protocol/arguments';
import { replyBulk, replyError, replyStatus } from '../protocol/reply';
import { databases, useDatabase } from '../state';

/** Without arguments. */
export function ping(): void {
  replyStatus('+PONG');
}

export function echo(): void {
  replyBulk(arg(1), argLength(1));
}

/** In a master's stream, which says so which database what follows is for. */
export function select(): void {
  if (!parseSigned(arg(1), argLength(1)) || parsed < 0 || parsed >= databases) {
    replyError('-ERR DB index is out of range');
    return;
  }
  useDatabase(<i32>parsed);
  store<i32>(STREAM_DB, <i32>parsed);
}
