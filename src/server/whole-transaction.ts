/**
 * A transaction that a client has sent whole, as pipelines have it: MULTI, commands of the core
 * alone, EXEC, all of it there.
 *
 * Queued one by one each of its commands would go through the host, which costs more than all of
 * them in the core. Nothing can come between them anyhow, so they run at once, and are answered as
 * if they had been queued. Where anything must be asked about a command, or told of it, they are
 * queued (command-run.ts, transaction.ts).
 */
import { ByteWriter } from '../resp/byte-writer.js';
import type { Client } from './client.js';
import { callCoreInput, type Execution, FencedSignal } from './dispatch.js';
import { gateFlags } from './gate.js';
import { observeCall } from './observation/observe.js';

const MULTI = [Buffer.from('multi')];
const EXEC = [Buffer.from('exec')];
const QUEUED = '+QUEUED\r\n';

/** Empty, but while a transaction runs. */
const out = new ByteWriter();

/**
 * The core has handed over a command; run the transaction that it begins, if it begins one.
 *
 * @param at - the input behind the command, so many bytes.
 * @returns the bytes up to the end of the EXEC, and the replies; null: nothing has happened.
 * @throws FencedSignal
 */
export function runWhole(
  services: Execution,
  client: Client,
  at: number,
  bytes: number,
): { readonly bytes: number; readonly replies: Buffer } | null {
  const { core, replication, stats, clock } = services;
  const length = core.transactionAhead(at, bytes);
  if (length === 0 || !mayRunAtOnce(services, client)) return null;
  const [multi, exec] = [services.commands.lookup(MULTI), services.commands.lookup(EXEC)];
  // By other names than their own the core has found no end, or a wrong one.
  if (multi?.spec.name !== 'multi' || exec?.spec.name !== 'exec') return null;
  // One who may run all commands of the core may still not have these.
  if (services.access.check(client.user, multi, MULTI) !== null) return null;
  if (services.access.check(client.user, exec, EXEC) !== null) return null;
  const { commands, writes, bytes: bodyBytes } = core.ahead();
  const startedAt = clock.wallMicros();
  services.flow.makeRoom(2 * bodyBytes);
  // A single write needs no wrapping.
  const isWrapped = writes > 1 && replication.appends();
  if (isWrapped) core.append(client.db, ['MULTI']);
  out.take(); // What was fenced off.
  out.text(`+OK\r\n${QUEUED.repeat(commands)}*${commands}\r\n`, 'latin1');
  callCoreInput(services, client, at, bodyBytes, out);
  if (isWrapped) core.append(core.streamDb, ['EXEC']);
  if (!core.publish()) throw new FencedSignal();
  client.lastCommand = 'exec';
  stats.commands += 2;
  const micros = Math.max(0, clock.wallMicros() - startedAt);
  observeCall(services, client, multi, MULTI, 0);
  observeCall(services, client, exec, EXEC, micros);
  return { bytes: length, replies: out.take() };
}

/** Whether nothing is to be asked about any command of the core, nor told of one by one. */
function mayRunAtOnce(services: Execution, client: Client): boolean {
  return (
    gateFlags(services, client) === 0 &&
    client.tracking === null &&
    !client.isSilent &&
    // Else each is refused as it is queued, if there is no room.
    services.config.maxmemory.value === 0
  );
}
