/** The sockets of a sentinel's clients: who may come in, and how long one may keep silent. */
import type { Socket } from 'node:net';
import type { Config } from '../src/config/config.js';
import type { ClientTransport, SentinelClient } from '../src/io/sentinel-client.js';
import { protectedModeRefusal, TOO_MANY_CLIENTS } from '../src/io/tcp-server.js';
import { TcpTransport } from '../src/io/tcp-transport.js';
import type { NodeStats } from '../src/server/observation/stats.js';

/** What they need of the thread. */
export interface SocketHost {
  readonly config: Config;
  readonly stats: NodeStats;
  readonly access: { readonly isOpen: boolean };
  readonly clients: { readonly size: number };
  accept(transport: ClientTransport): SentinelClient;
  forget(client: SentinelClient): void;
}

/** @param name - of a socket in the file system; null: it came over TCP. */
export function takeSocket(host: SocketHost, socket: Socket, name: string | null): void {
  const { config, stats } = host;
  stats.connections++;
  socket.on('error', () => socket.destroy());
  const refusal = refusalOf(host, socket, name);
  if (refusal !== null) {
    stats.rejectedConnections++;
    socket.resume().end(refusal);
    return;
  }
  const keepaliveMs = config.tcpKeepalive.value * 1000;
  if (keepaliveMs > 0 && name === null) socket.setKeepAlive(true, keepaliveMs);
  const client = host.accept(new TcpTransport(socket, undefined, name));
  socket.on('data', (bytes) => client.receive(bytes));
  socket.on('end', () => socket.end());
  socket.on('close', () => host.forget(client));
  const timeoutMs = config.timeout.value * 1000;
  if (timeoutMs > 0) socket.setTimeout(timeoutMs, () => client.onSilence());
}

/** @returns what to tell one who may not come in, or null. */
function refusalOf(host: SocketHost, socket: Socket, name: string | null): string | null {
  const { config, access, clients } = host;
  if (clients.size >= config.maxclients.value) return TOO_MANY_CLIENTS;
  if (name !== null) return null;
  return protectedModeRefusal(config.protectedMode.value && access.isOpen, socket);
}
