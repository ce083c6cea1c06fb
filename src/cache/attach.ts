/**
 * `attach`: from a handle to a cache, in any thread of the process.
 *
 * The request goes straight to the cluster's thread (`postMessageToThread`), whatever threads lie
 * between; with it goes a port, on which everything else is said.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  MessageChannel,
  type MessagePort,
  postMessageToThread,
  receiveMessageOnPort,
  threadId,
} from 'node:worker_threads';

import { RingleaderError } from '../base/errors.js';
import { realClock } from '../io/clock.js';
import { acceptAttached } from './access.js';
import { Cache } from './cache.js';
import type { Codec, PlainCodecName } from './codec.js';
import {
  type AttachOptions,
  type CacheOptions,
  cacheSettings,
  type CodecOption,
} from './options.js';
import { SharedStore } from './shared-store.js';
import { Client } from '../cluster/client/client.js';
import {
  type AccessMessage,
  type AttachRequest,
  checkHandle,
  type ClusterHandle,
} from './handle.js';
import { SharedNodes } from './shared-nodes.js';

/** ms for the cluster's thread to answer. */
const WELCOME_TIMEOUT_MS = 5_000;
/** ms for the nodes to keep versions, once they have been told. */
const READABLE_TIMEOUT_MS = 2_000;
const POLL_MS = 1;

/**
 * A cache over a cluster that was started in this or another thread of the process: reads go to the
 * nodes' memories, writes to the master. The codec decides which values it takes; of 'json' and
 * 'msgpack', whose values can be anything, the type can be said: `attach<User>(handle, …)`.
 *
 * @example
 * // main.js
 * new Worker('./worker.js', { workerData: cluster.handle() });
 * // worker.js
 * const cache = await attach(workerData, { codec: 'json' });
 * cache.getSync('user:1');
 *
 * @throws RingleaderError CONFIG_INVALID: it is no handle of this process's, or an option breaks a
 * rule.
 * @throws RingleaderError CLOSED: the cluster was stopped.
 * @throws RingleaderError NOT_READY: the cluster's thread did not answer, or its nodes cannot be
 * read.
 */
export async function attach<Value extends string = string>(
  handle: ClusterHandle,
  options?: AttachOptions & Partial<CodecOption<'string'>>,
): Promise<Cache<Value>>;
export async function attach<Value extends Buffer = Buffer>(
  handle: ClusterHandle,
  options: AttachOptions & CodecOption<'buffer'>,
): Promise<Cache<Value>>;
export async function attach<Value = unknown>(
  handle: ClusterHandle,
  options: AttachOptions & CodecOption<PlainCodecName>,
): Promise<Cache<Value>>;
export async function attach<Value>(
  handle: ClusterHandle,
  options: AttachOptions & CodecOption<Codec<Value>>,
): Promise<Cache<Value>>;
export async function attach(handle: ClusterHandle, options: CacheOptions): Promise<Cache<unknown>>;
export function attach(handle: ClusterHandle, options: CacheOptions = {}): Promise<Cache<unknown>> {
  return openCache(handle, options, () => {});
}

/** As `attach`. @param onClose - the cache was closed, by its user or with its cluster. */
export async function openCache(
  handle: ClusterHandle,
  options: CacheOptions,
  onClose: () => void,
): Promise<Cache<unknown>> {
  const checked = checkHandle(handle);
  const settings = cacheSettings(options);
  const { port1, port2 } = new MessageChannel();
  const welcome = await request(checked, port1, port2);
  const nodes = new SharedNodes(checked, port1, welcome, options);
  try {
    await untilReadable(nodes);
  } catch (error) {
    nodes.close();
    throw error;
  }
  nodes.onClose(onClose);
  const { retryForMs } = options;
  const client = new Client(nodes, realClock, {
    ...(checked.password === null ? {} : { password: checked.password }),
    ...(retryForMs === undefined ? {} : { retryForMs }),
  });
  return new Cache<unknown>(new SharedStore(nodes, client, checked.evicts, retryForMs), settings);
}

async function request(
  handle: ClusterHandle,
  port: MessagePort,
  far: MessagePort,
): Promise<AccessMessage & { type: 'welcome' }> {
  const { id } = handle;
  const message: AttachRequest = { ringleader: 'attach', id, port: far };
  // Waiting for the other thread does not by itself keep this one alive.
  const alive = setInterval(() => {}, WELCOME_TIMEOUT_MS);
  try {
    if (handle.threadId === threadId) {
      if (!acceptAttached(message)) throw stopped();
    } else await postMessageToThread(handle.threadId, message, [far], WELCOME_TIMEOUT_MS);
    const first = await firstMessage(port);
    if (first?.type === 'welcome') return first;
    if (first?.type === 'refused')
      throw new RingleaderError('CLOSED', `cannot attach to the cluster: ${first.reason}`);
    throw new RingleaderError(
      'NOT_READY',
      `the cluster's thread did not answer within ${WELCOME_TIMEOUT_MS} ms`,
    );
  } catch (error) {
    port.close();
    if (error instanceof RingleaderError) throw error;
    throw stopped(error); // Its thread has gone, or listens no more.
  } finally {
    clearInterval(alive);
  }
}

/** @returns null: none came. What follows it stays in the port, for the nodes' picture to take. */
async function firstMessage(port: MessagePort): Promise<AccessMessage | null> {
  const giveUpAt = performance.now() + WELCOME_TIMEOUT_MS;
  while (performance.now() < giveUpAt) {
    const received: { message: AccessMessage } | undefined = receiveMessageOnPort(port);
    if (received !== undefined) return received.message;
    await sleep(POLL_MS);
  }
  return null;
}

function stopped(cause?: unknown): RingleaderError {
  return new RingleaderError('CLOSED', 'cannot attach to the cluster: it was stopped', { cause });
}

async function untilReadable(nodes: SharedNodes): Promise<void> {
  const giveUpAt = performance.now() + READABLE_TIMEOUT_MS;
  while (!nodes.isReadable) {
    if (performance.now() >= giveUpAt) {
      if (nodes.isMasterReadable) return; // A node that is down or loading can be read later.
      throw new RingleaderError(
        'NOT_READY',
        `the master's memory cannot be read: nothing was heard of it for ${READABLE_TIMEOUT_MS} ms`,
      );
    }
    await sleep(POLL_MS);
  }
}
