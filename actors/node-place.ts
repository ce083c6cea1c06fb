/**
 * Where a node listens, changed by CONFIG SET: `port`, `tls-port`, `bind`.
 *
 * @see redis/redis 7.0.15 src/config.c, updatePort(), applyBind(), applyTLSPort()
 */
import type { Config } from '../src/config/config.js';
import type { NodeLog } from '../src/io/node-log.js';
import type { ClientServer } from '../src/io/tcp-server.js';
import type { TlsServer } from '../src/io/tls-server.js';

interface Parts {
  readonly config: Config;
  readonly server: ClientServer;
  readonly tlsServer: TlsServer;
  readonly log: NodeLog;
  /** No cluster knows it by its address. */
  readonly isAlone: boolean;
}

const NO_PORT = 'Unable to listen on this port. Check server logs.';
const NO_ADDRESS = 'Failed to bind to specified addresses.';
const STAYS = "a cluster's node stays where sentinels and other nodes know it";
const UNDER_WAY = 'another change of where to listen is under way';

/** Have the node listen where the directives say whenever they change. */
export function followPlace({ config, server, tlsServer, log, isAlone }: Parts): void {
  const { port, tlsPort, bind } = config;
  /** The change under way: to where, and its end. */
  let change: { readonly to: string; readonly done: Promise<boolean> } | null = null;

  async function move(): Promise<boolean> {
    try {
      if (tlsPort.value > 0) tlsServer.renew();
      await server.move({ port: port.value, tlsPort: tlsPort.value, bind: bind.value });
      return true;
    } catch (error) {
      log.write('warning', error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      change = null;
    }
  }

  async function follow(refusal: string): Promise<string | null> {
    if (!isAlone) return STAYS;
    // Two directives of one CONFIG SET are one change.
    const to = [port.value, tlsPort.value, ...bind.value].join(' ');
    if (change !== null && change.to !== to) return UNDER_WAY;
    change ??= { to, done: move() };
    return (await change.done) ? null : refusal;
  }

  port.onChangeLater(() => follow(NO_PORT));
  tlsPort.onChangeLater(() => follow(NO_PORT));
  bind.onChangeLater(() => follow(NO_ADDRESS));
}
