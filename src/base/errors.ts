/**
 * Operating errors: the outside world did what it may do (a taken port, a dead peer, bad input).
 *
 * Match on `code`, never on the class: an error that crosses a thread loses its prototype and its
 * own fields, so it travels as data (`toWire`) and is rebuilt on the other side (`fromWire`).
 */

/** Every code, with what it means. Stable: users match on these. */
export type ErrorCode =
  | 'ADDRESS_IN_USE' // A port asked for is taken; the message names it.
  | 'CONFIG_INVALID' // A directive, flag, option or argument is unknown, or of the wrong kind.
  | 'CONNECTION_LOST' // The link died before the reply; whether it was executed is unknown.
  | 'TIMEOUT' // No answer within the time allowed; whether it was done is unknown.
  | 'NO_MASTER' // No node accepts writes, and none appeared within the time allowed.
  | 'NOT_READY' // The cluster did not reach agreement within the time allowed.
  | 'NO_SUCH_ACTOR' // The id names no actor of this cluster.
  | 'ACTOR_DOWN' // The actor exists but its thread is not running.
  | 'OUT_OF_MEMORY' // A node's core, at most 4 GiB, has no room for what was asked.
  | 'PROTOCOL_ERROR' // A peer sent bytes that are not what the protocol allows.
  | 'UNDECODABLE' // What is stored at a key is not what the cache's codec writes.
  | 'UNREADABLE' // No node's memory could be read within the time allowed, or fresh enough.
  | 'UNLOADABLE' // A file that data are read from cannot be used; the message says where and why.
  | 'UNSUPPORTED' // The cluster's engine cannot do it; the message names both.
  | 'CLOSED'; // The cluster, client or link was closed by its owner.

/** An error as it crosses threads. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
}

export class RingleaderError extends Error {
  override readonly name = 'RingleaderError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message };
  }

  /** The error that `toWire` was asked of on another thread. */
  static fromWire(wire: WireError): RingleaderError {
    // `this`: a class that names itself is called otherwise once it is bundled.
    return new this(wire.code, wire.message);
  }
}
