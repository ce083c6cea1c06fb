/**
 * What a replica does of its master's stream beside executing it: the commands that the core does
 * not know, and word of all of them to those who look on here: who WATCHes keys, listens to
 * keyspace notifications, MONITORs, or wants short commands in the slow log.
 *
 * Nothing is propagated again: the stream itself is what this node's own replicas get.
 *
 * @see redis/redis 7.0.15 src/server.c, call(), which makes no difference for the master's client
 */
import { joinHostPort } from '../base/host-port.js';
import { assert } from '../base/assert.js';
import { RingleaderError } from '../base/errors.js';
import { CommandContext } from '../commands/context.js';
import { fitsArity, fullName } from '../commands/facts.js';
import { FLAG_APPLY, FLAG_LOAD, STATUS_OUT_OF_MEMORY } from '../core/assembly/layout.js';
import { type CommandSpec, isCores } from '../commands/spec.js';
import type { Resolved } from '../commands/table.js';
import { ReplyError } from '../resp/reply.js';
import { Client, NO_OUTPUT } from './client.js';
import { type Execution, runAlone } from './dispatch.js';
import { namedKeys, tellNamed } from './named-keys.js';
import {
  isShown,
  noteIfSlow,
  observeAppliedCall,
  observeFailure,
  observeRefusal,
  observesEach,
} from './observation/observe.js';
import { withoutSecrets } from './observation/redact.js';

/** Whether the stream's commands are to be applied one by one, each between before() and after. */
export function observesStream(services: Execution): boolean {
  return (
    services.watches.active ||
    services.events.active ||
    services.blocked.active ||
    observesEach(services)
  );
}

/**
 * A command of the stream is about to be applied.
 *
 * @param db - the database that the stream has selected.
 * @returns to be called when it has been, with the database that is selected then.
 */
export function observeStream(
  services: Execution,
  args: readonly Buffer[],
  db: number,
): (dbAfter: number) => void {
  const { core } = services;
  const resolved = services.commands.lookup(args);
  if (resolved === null) return () => {};
  const isCore = isCores(resolved.spec);
  const named = isCore ? namedKeys(services, resolved.spec, args, db, true) : null;
  const dirty = core.dirty;
  const startedAt = services.clock.wallMicros();
  return (dbAfter) => {
    const micros = Math.max(0, services.clock.wallMicros() - startedAt);
    if (named !== null && core.dirty !== dirty) {
      tellNamed(services, resolved.spec, args, named, core.dirty - dirty);
    }
    services.events.drain();
    showApplied(services, resolved, args, dbAfter, micros);
    services.blocked.serve();
  };
}

function showApplied(
  services: Execution,
  resolved: Resolved,
  args: readonly Buffer[],
  db: number,
  micros: number,
): void {
  const { monitors } = services;
  const client = masterClient(services, db);
  noteIfSlow(services, client, resolved, args, micros);
  if (!monitors.active || !isShown(resolved.spec)) return;
  monitors.feed(client, db, withoutSecrets(resolved, args), services.clock.wallMicros());
}

/**
 * Run a command of the stream that the core handed over: no gate, no reply. Redis' replicas know no
 * `maxmemory` here, and end where the machine has no memory; a node's memory ends at its 4 GiB.
 *
 * @throws RingleaderError OUT_OF_MEMORY: it has not been executed, so the data part from the
 * master's.
 * @param db - the database that the stream has selected.
 */
export function runApplied(services: Execution, args: readonly Buffer[], db: number): void {
  const { commands, streamErrors, clock } = services;
  const resolved = commands.lookup(args);
  const spec = resolved?.spec ?? null;
  const name = resolved === null ? null : fullName(resolved.spec, resolved.container);
  let isRefused = false;
  const refuse = (error: string): void => {
    isRefused = true;
    observeRefusal(services, spec, error);
    streamErrors.fromMaster(error, name);
  };
  const fail = (error: string): void => {
    if (spec !== null) observeFailure(services, spec, error);
    streamErrors.fromMaster(error, name);
  };
  const startedAt = clock.wallMicros();
  if (!runHandedOver(services, resolved, args, db, { refuse, fail })) {
    refuse(commands.unknown(args));
  }
  if (resolved === null || isRefused) return;
  observeAppliedCall(services, resolved, Math.max(0, clock.wallMicros() - startedAt));
}

/**
 * Run a command of the append-only file that the core handed over; what it refuses is passed over.
 *
 * @returns false: there is no such command.
 * @throws RingleaderError OUT_OF_MEMORY
 */
export function runLoaded(services: Execution, args: readonly Buffer[], db: number): boolean {
  const passOver = { refuse() {}, fail() {} };
  return runHandedOver(services, services.commands.lookup(args), args, db, passOver);
}

/** What is done of a command that is no good. */
interface Faults {
  /** It was not run. */
  refuse(error: string): void;
  /** It was run, and answers with an error. */
  fail(error: string): void;
}

/**
 * What no stream and no file may ask for: a change of whom this node follows would end the stream
 * in its midst, and one who listens must have a connection.
 */
const NOT_APPLIED = new Set([
  'failover',
  'monitor',
  'psubscribe',
  'psync',
  'replicaof',
  'slaveof',
  'ssubscribe',
  'subscribe',
  'sync',
]);

function runHandedOver(
  services: Execution,
  resolved: Resolved | null,
  args: readonly Buffer[],
  db: number,
  faults: Faults,
): boolean {
  const name = resolved?.spec.name ?? '';
  if (name === 'multi' || name === 'exec') return true; // Their commands take effect one by one.
  if (NOT_APPLIED.has(name)) return true;
  if (resolved === null) return false;
  if (!fitsArity(resolved.spec, args.length)) {
    faults.refuse(services.commands.wrongArity(resolved));
    return true;
  }
  if (resolved.spec.run === undefined) return false;
  if (isCores(resolved.spec)) {
    runRenamed(services, resolved.spec, args, db);
    return true;
  }
  assert(typeof resolved.spec.run === 'function', 'a command has a handler');
  const client = masterClient(services, db);
  const context = new CommandContext(
    services,
    client,
    Math.floor(services.clock.wallMicros() / 1000),
  );
  const named = namedKeys(services, resolved.spec, args, db, true);
  try {
    resolved.spec.run(context, args);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    if (error.message.startsWith('OOM ')) throw new RingleaderError('OUT_OF_MEMORY', error.message);
    faults.fail(error.message);
  }
  if (context.propagated(args).length === 0) return true;
  if (resolved.spec.flags.includes('write')) services.core.addDirty(context.changes);
  tellNamed(services, resolved.spec, args, named, context.changes);
  return true;
}

/**
 * A command of the core that was handed over because it is renamed here. What replicas get of it
 * has been appended with the rest of the stream.
 */
function runRenamed(
  services: Execution,
  spec: CommandSpec,
  args: readonly Buffer[],
  db: number,
): void {
  assert(services.commands.isRenamed(spec), 'a command of the core was handed over ungated');
  const status = runAlone(services, spec, args, FLAG_APPLY | FLAG_LOAD, db);
  if (status !== STATUS_OUT_OF_MEMORY) return;
  throw new RingleaderError('OUT_OF_MEMORY', `no memory for ${spec.name}`);
}

/** The client that a master is to its replica. */
function masterClient({ replication }: Execution, db: number): Client {
  const master = replication.master();
  const address = master === null ? 'master' : joinHostPort(master.host, master.port);
  const client = new Client(
    0,
    { ...NO_OUTPUT, remoteAddress: address, localAddress: 'master' },
    0,
    true,
  );
  client.link = 'master';
  client.db = db;
  return client;
}
