/**
 * The call that runs commands, a chunk of requests.
 *
 * Rule: after every call, whatever its result, what was appended to the ring is published before
 * the host can send a reply; within a transaction the host does so itself, after its EXEC, so that
 * no client ever sees half of one. A call that finds the fence already set executes nothing: the
 * keyspace then still is what the stream says, and the node can follow its successor from where it
 * is. A stream being followed is appended as it was read, up to CONSUMED, the bytes of a command
 * that is handed to the host included.
 */
import {
  CONSUMED,
  FLAG_APPLY,
  FLAG_DEFER_PUBLISH,
  FLAG_LOAD,
  FLAG_NO_REPLY,
  LAST_ID,
  SLOW_ID,
  NEED,
  NO_ROOM,
  STAT_CALLS,
  STAT_COMMANDS,
  STAT_FAILED,
  STAT_REJECTED,
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_FENCED,
  STATUS_OUT_OF_MEMORY,
  STATUS_PROTOCOL_ERROR,
  STATUS_REPLY_FULL,
  STREAM_DB,
} from '../layout';
import { arg, argc, argLength, publishArguments } from '../protocol/arguments';
import { INCOMPLETE, isInline, needed } from '../protocol/parser';
import {
  beginReply,
  closeReplies,
  endReply,
  hasErred,
  isReplyFull,
  openReplies,
  replyError,
} from '../protocol/reply';
import { hasReady } from '../keyspace/awaited';
import { forgetHash } from '../keyspace/database';
import { evictToLimit } from '../keyspace/evict';
import { checkVersions } from '../keyspace/versions';
import { applying, begin, bump, flags, isLimited, useDatabase } from '../state';
import {
  addBytes,
  appendFollowed,
  appendVerbatim,
  beginCommand,
  endCommand,
  flushRun,
} from '../stream/propagate';
import { isRingFenced, publishRing } from '../stream/ring';
import { runCommand } from './bindings';
import { clearEffects, goesVerbatim } from './effects';
import { clearOutOfMemory, ranOutOfMemory, wrongArity } from './errors';
import { deniesOom, hasArity, nameOf } from './table';
import { clearSlow, forgetNoted, isSlow, slowNoted } from '../slow';
import { commandId, fillWindow, isHosts, outcome, rawEnd, rawStart, selectCommand } from './window';

export function execute(input: usize, length: u32, withFlags: u32, withDatabase: i32): i32 {
  begin(withFlags, withDatabase);
  if (applying && load<i32>(STREAM_DB) >= 0) useDatabase(load<i32>(STREAM_DB));
  store<u32>(NEED, 0);
  store<u32>(CONSUMED, 0);
  store<u32>(SLOW_ID, 0);
  store<u32>(LAST_ID, 0);
  if (isFenced()) return STATUS_FENCED;
  if (!openReplies()) return STATUS_OUT_OF_MEMORY;
  const end = input + length;
  reached = input;
  let status = STATUS_DONE;
  while (reached < end && status === STATUS_DONE) {
    beginReply();
    clearSlow(length);
    const count = fillWindow(reached, end);
    forgetNoted(); // To parse may take memory: no command has done that.
    if (count === 0) {
      if (outcome === INCOMPLETE) store<u32>(NEED, <u32>min<u64>(needed, 0xffffffff));
      else {
        endReply(wantsReply());
        status = STATUS_PROTOCOL_ERROR;
      }
      break;
    }
    status = runWindow(count, end);
  }
  forgetHash();
  if (applying && (flags & FLAG_LOAD) === 0) appendFollowed(input, reached);
  store<u32>(CONSUMED, <u32>(reached - input));
  return conclude(status);
}

/** How far the input has been dealt with. */
let reached: usize = 0;

function runWindow(count: u32, end: usize): i32 {
  for (let index: u32 = 0; index < count; index++) {
    selectCommand(index);
    reached = rawEnd;
    if (argc === 0) continue;
    if (isHosts) {
      publishArguments();
      return STATUS_COMMAND;
    }
    beginReply();
    store<u32>(LAST_ID, commandId);
    perform(commandId);
    if (applying && ranOutOfMemory) {
      reached = rawStart;
      return STATUS_OUT_OF_MEMORY;
    }
    if (slowNoted !== 0 && isSlow(argc, rawEnd - rawStart) && !applying) {
      store<u32>(SLOW_ID, commandId);
      publishArguments();
      return reached < end ? STATUS_REPLY_FULL : STATUS_DONE;
    }
    if (reached < end && (isReplyFull() || mustServe())) return STATUS_REPLY_FULL;
  }
  return STATUS_DONE;
}

/** Whether clients blocked on keys come before the next command. */
function mustServe(): bool {
  return hasReady() && (flags & (FLAG_APPLY | FLAG_DEFER_PUBLISH)) === 0;
}

function conclude(status: i32): i32 {
  flushRun();
  closeReplies();
  if ((flags & FLAG_DEFER_PUBLISH) !== 0) return status;
  return publishRing() ? status : STATUS_FENCED;
}

/** Whether nothing may be executed; what a transaction has appended so far is then void. */
function isFenced(): bool {
  if (!isRingFenced()) return false;
  flushRun();
  publishRing();
  return true;
}

function wantsReply(): bool {
  return (flags & (FLAG_APPLY | FLAG_NO_REPLY)) === 0;
}

function perform(id: u32): void {
  clearEffects();
  clearOutOfMemory();
  if (!hasArity(id, argc)) {
    wrongArity(nameOf(id));
    bump(STAT_REJECTED + (id << 3));
  } else if (isLimited && evictToLimit() === NO_ROOM && deniesOom(id) && !applying) {
    replyError("-OOM command not allowed when used memory > 'maxmemory'.");
    bump(STAT_REJECTED + (id << 3));
  } else {
    bump(STAT_COMMANDS);
    bump(STAT_CALLS + (id << 3));
    runCommand(id);
    checkVersions();
    if (hasErred) bump(STAT_FAILED + (id << 3));
    if (goesVerbatim) appendItself();
  }
  endReply(wantsReply());
}

function appendItself(): void {
  if (!isInline) {
    appendVerbatim(rawStart, rawEnd);
    return;
  }
  if (!beginCommand(argc)) return;
  for (let i: u32 = 0; i < argc; i++) addBytes(arg(i), argLength(i));
  endCommand();
}
