/**
 * EXEC: run what MULTI has queued.
 *
 * Replicas get the effects between MULTI and EXEC, so that they too apply all of them together. The
 * core adds a write to the stream while it runs it, so the MULTI goes first whenever more than one
 * of the queued commands may write.
 *
 * @see redis/redis 7.0 src/multi.c, execCommand()
 */
import { ByteWriter } from '../resp/byte-writer.js';
import { encodeReply } from '../resp/encode.js';
import { ReplyError, reply } from '../resp/reply.js';
import type { Client } from './client.js';
import type { NodeServices } from './context.js';
import { call, FencedSignal } from './dispatch.js';
import type { CommandResult } from './spec.js';

/**
 * @throws ReplyError: there is no transaction, or one of its commands could not be queued.
 * @throws FencedSignal
 */
export function runTransaction(services: NodeServices, client: Client): CommandResult {
  const { core, watches, keyspace } = services;
  const { transaction } = client;
  if (transaction === null) throw new ReplyError('ERR EXEC without MULTI');
  const isBroken = client.watchBroken || watches.hasExpired(client, (db) => keyspace.db(db));
  watches.unwatch(client);
  if (transaction.failed || isBroken) {
    client.transaction = null;
    if (!transaction.failed) return reply.nullArray;
    throw new ReplyError('EXECABORT Transaction discarded because of previous errors.');
  }

  const writes = transaction.queue.filter(
    ({ spec }) => spec.flags.includes('write') || spec.flags.includes('may_replicate'),
  );
  const wrapped = writes.length > 1 && services.replication.role() === 'master';
  const { db } = client;
  if (wrapped) core.append(db, ['MULTI']);
  const out = new ByteWriter();
  out.text(`*${transaction.queue.length}\r\n`);
  for (const { spec, container, args } of transaction.queue) {
    const resolved = container === undefined ? { spec } : { spec, container };
    const result = call(services, client, resolved, args, true);
    if (result === null || result.type === 'blocked') continue; // Pushes are on their way already.
    if (result.type === 'raw') out.bytes(result.bytes);
    else encodeReply(out, result, client.resp);
  }
  client.transaction = null;
  if (wrapped) {
    core.append(db, ['EXEC']);
    if (!core.publish()) throw new FencedSignal();
  }
  return { type: 'raw', bytes: out.take() };
}
