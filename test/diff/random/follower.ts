/**
 * Two replicas of a lone node, fed with what its ring holds: a real Redis that gets the stream as a
 * client's commands, so that an error of any of them shows, and a core that applies it as a replica
 * in the process does.
 */
import { RingReader } from '../../../src/backlog/ring-reader.js';
import { runApplied } from '../../../src/server/applied.js';
import {
  FLAG_APPLY,
  FLAG_REPLICA,
  STATUS_COMMAND,
  STATUS_DONE,
} from '../../../src/core/assembly/layout.js';
import { encodeCommand } from '../../../src/resp/encode-command.js';
import { Keyspace } from '../../../src/keyspace/keyspace.js';
import type { LoneNode } from '../../support/lone-node.js';
import { plain, type RespClient } from '../../support/resp-client.js';
import { isError } from './same.js';

/** Reads a node's stream on from where it was last read. */
export class StreamTap {
  readonly #reader: RingReader;
  #cursor: number;

  constructor(node: LoneNode) {
    this.#reader = new RingReader(node.core.memory);
    this.#cursor = node.core.head();
  }

  take(): Buffer {
    const into = Buffer.alloc(this.#reader.head() - this.#cursor);
    if (into.length === 0) return into;
    const read = this.#reader.read(this.#cursor, this.#reader.history(), into);
    if (read.state !== 'copied') throw new Error(`the stream is gone: ${read.state}`);
    this.#cursor += read.bytes;
    return into.subarray(0, read.bytes);
  }
}

/** @returns the errors that the real server answered. */
export async function feedReal(client: RespClient, stream: Buffer): Promise<string[]> {
  const mark = `end of ${stream.length} bytes`;
  client.write(Buffer.concat([stream, encodeCommand(['ECHO', mark])]));
  const errors: string[] = [];
  for (;;) {
    const reply = await client.next();
    if (reply === null) return [...errors, 'the connection is closed'];
    const value = plain(reply);
    if (value === mark) return errors;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (isError(each)) errors.push(each);
    }
  }
}

/** Apply a master's stream on a node that takes itself for a replica. */
export function feedReplica({ core, services }: LoneNode, stream: Buffer): void {
  if (!(services.keyspace instanceof Keyspace)) throw new Error('no keyspace of the core');
  const { role } = services.keyspace;
  role.isReplica = true;
  const at = core.input(stream.length);
  core.write(at, stream);
  core.setNow(Math.floor(services.clock.wallMicros() / 1000));
  let done = 0;
  while (done < stream.length) {
    const status = core.execute(at + done, stream.length - done, FLAG_APPLY | FLAG_REPLICA, 0);
    done += core.consumed;
    if (status === STATUS_DONE && done === stream.length) return;
    if (status !== STATUS_COMMAND) throw new Error(`the stream cannot be applied: ${status}`);
    const args = core.args();
    role.isApplying = true;
    try {
      runApplied(services, args, Math.max(0, core.streamDb));
    } finally {
      role.isApplying = false;
    }
  }
}
