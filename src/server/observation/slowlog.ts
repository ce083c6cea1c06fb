/**
 * The slow log: the last commands that took longer than slowlog-log-slower-than.
 *
 * What it keeps of a command is bounded: 32 arguments of 128 bytes each, and a word on the rest.
 *
 * @see redis/redis 7.0.15 src/slowlog.c
 */
import type { SlowCommands, SlowlogEntry } from '../../commands/node/observation.js';
import type { Client } from '../client.js';

const MAX_ARGUMENTS = 32;
const MAX_BYTES = 128;

export class Slowlog implements SlowCommands {
  #entries: SlowlogEntry[] = [];
  #nextId = 0;

  /** Newest first. */
  get entries(): readonly SlowlogEntry[] {
    return this.#entries;
  }

  /**
   * @param args - kept in part and copied; secrets are taken out already.
   * @param maxLength - slowlog-max-len.
   */
  add(
    client: Client,
    args: readonly Uint8Array[],
    micros: number,
    unixSeconds: number,
    maxLength: number,
  ): void {
    this.#entries.unshift({
      id: this.#nextId++,
      time: unixSeconds,
      micros: Math.floor(micros),
      args: trimmed(args),
      address: client.output.remoteAddress,
      clientName: client.name,
    });
    this.trim(maxLength);
  }

  /** Keep no more than so many. */
  trim(maxLength: number): void {
    if (this.#entries.length > maxLength) this.#entries.length = maxLength;
  }

  reset(): void {
    this.#entries = [];
  }
}

function trimmed(args: readonly Uint8Array[]): (Buffer | string)[] {
  const isLong = args.length > MAX_ARGUMENTS;
  const kept = args.slice(0, isLong ? MAX_ARGUMENTS - 1 : args.length).map(trimmedArgument);
  if (!isLong) return kept;
  return [...kept, `... (${args.length - MAX_ARGUMENTS + 1} more arguments)`];
}

function trimmedArgument(arg: Uint8Array): Buffer {
  if (arg.length <= MAX_BYTES) return Buffer.from(arg);
  const more = `... (${arg.length - MAX_BYTES} more bytes)`;
  return Buffer.concat([arg.subarray(0, MAX_BYTES), Buffer.from(more)]);
}
