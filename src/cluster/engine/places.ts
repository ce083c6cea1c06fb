/**
 * Where a cluster's processes listen, and their fault proxies, which is where they find each other.
 *
 * Each process has a loopback address of its own, from which its connections come: so a proxy can
 * tell whose a connection is, and cut one pair off without the others. Linux has all of
 * 127.0.0.0/8; where a system has not, processes share 127.0.0.1, and pairs cannot be told apart.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';

import { RingleaderError } from '../../base/errors.js';
import type { Address } from '../../base/address.js';
import { joinHostPort } from '../../base/host-port.js';
import type { ProxyTap } from '../../io/fault-link.js';
import { FaultProxy } from '../../io/fault-proxy.js';
import type { Topology } from '../options.js';
import { ProcessMember } from './process-member.js';

const SHARED = '127.0.0.1';
const ownHost = (index: number): string => `127.94.0.${index + 1}`;

const PASSES: ProxyTap = { request() {}, reply: (bytes) => bytes, closed() {} };

/** Whether processes can have loopback addresses of their own here. */
export async function hasOwnHosts(): Promise<boolean> {
  try {
    await freePort(ownHost(0));
    return true;
  } catch {
    return false;
  }
}

/**
 * Open the proxies, and choose where the processes behind them listen.
 *
 * @param first - the index of the node that is master.
 * @param dir - for the processes' own files.
 * @throws RingleaderError ADDRESS_IN_USE
 */
export async function placeMembers(
  { replicas, sentinels, host, port, sentinelPort }: Topology,
  first: number,
  dir: string,
  isOwn: boolean,
): Promise<ProcessMember[]> {
  const kinds = [
    ...Array.from({ length: replicas + 1 }, (_, i) => ({ kind: 'node' as const, i, port })),
    ...Array.from({ length: sentinels }, (_, i) => ({
      kind: 'sentinel' as const,
      i,
      port: sentinelPort,
    })),
  ];
  const members: ProcessMember[] = [];
  try {
    for (const [index, { kind, i, port: from }] of kinds.entries()) {
      const listenHost = isOwn ? ownHost(index) : SHARED;
      const listen = { host: listenHost, port: await freePort(listenHost) };
      const proxy = new FaultProxy(
        () => listen,
        () => PASSES,
      );
      await openProxy(proxy, host, from === 0 ? 0 : from + i);
      const own = path.join(dir, `${kind}-${i}`);
      const plan = { kind, i, listen, announced: proxy.address, dir: own };
      members.push(new ProcessMember(plan, proxy, i === first ? 'master' : 'replica'));
    }
  } catch (error) {
    await Promise.all(members.map(({ proxy }) => proxy.close()));
    throw error;
  }
  return members;
}

async function openProxy(proxy: FaultProxy, host: string, port: number): Promise<void> {
  try {
    await proxy.listen(host, port);
  } catch (cause) {
    const place: Address = { host, port };
    const message = `cannot listen on ${joinHostPort(place.host, place.port)}`;
    throw new RingleaderError('ADDRESS_IN_USE', `${message}: the port is taken`, { cause });
  }
}

/** @returns a port that was free a moment ago. */
async function freePort(host: string): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
