/** Connections that a node or a sentinel begins to others outside the process, over TCP or TLS. */
import { connect, isIP, type NetConnectOpts, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Config } from '../config/config.js';
import type { Dial, MasterLine } from '../replication/tcp/line.js';
import { connectErrorText } from './connect-error.js';
import { clientTls } from './tls-context.js';

/** Seconds after which an idle connection is probed by the kernel. */
const KEEP_ALIVE_MS = 300_000;

interface TcpLine extends MasterLine {
  /** @param onSent - the kernel has taken them. */
  write(bytes: Uint8Array, onSent?: () => void): void;
}

type TcpDial = (...args: Parameters<Dial>) => TcpLine;

/** @param config - asked at each connection: `bind-source-addr`, `tls-replication`… */
export function tcpDial(config: Config): Dial {
  return dialer(config, () => config.tlsReplication.value);
}

/** For MIGRATE, over TLS where `tls-cluster` says so. */
export function targetDial(config: Config): TcpDial {
  return dialer(config, () => config.tlsCluster.value);
}

/** What is read at a time. */
const READ_BYTES = 256 * 1024;

function dialer(config: Config, usesTls: () => boolean): TcpDial {
  // What was read is dealt with before the next is: one buffer does for all.
  let buffer: Buffer | null = null;
  return (host, port, handlers) => {
    let isOver = false;
    const end = (reason: string): void => {
      if (isOver) return;
      isOver = true;
      handlers.onClose(reason);
    };
    const isSecure = usesTls();
    const onBytes = (bytes: Buffer): void => {
      if (!isOver) handlers.onBytes(bytes);
    };
    let socket: Socket;
    try {
      buffer ??= Buffer.allocUnsafeSlow(READ_BYTES);
      socket = openSocket(config, host, port, isSecure, { buffer, onBytes });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setImmediate(() => end(reason));
      return { write() {}, close: () => (isOver = true) };
    }
    const opened = isSecure ? 'secureConnect' : 'connect';
    socket.on(opened, () => handlers.onOpen());
    // Over TLS that buffer has no use: what comes is the stream's, decrypted.
    if (isSecure) socket.on('data', onBytes);
    socket.on('error', (error) => end(connectErrorText(error)));
    // Known before the next socket is looked at, which `close` is not.
    for (const event of ['end', 'close']) {
      socket.on(event, () => end('the connection was closed'));
    }
    return {
      write: (bytes, onSent) => {
        if (isOver) return;
        socket.write(bytes, (error) => {
          if (!isOver && !(error instanceof Error)) onSent?.();
        });
      },
      close() {
        isOver = true;
        socket.destroy();
      },
    };
  };
}

/** Reading without a stream in between. */
interface DirectReading {
  /** What is read into. */
  readonly buffer: Buffer;
  /** @param bytes - the buffer's beginning. */
  readonly onBytes: (bytes: Buffer) => void;
}

/**
 * @param isSecure - over TLS.
 * @param reading - instead of `data` events, where it is not over TLS.
 * @throws Error naming what is wrong with a directive.
 */
export function openSocket(
  config: Config,
  host: string,
  port: number,
  isSecure: boolean,
  reading: DirectReading | null = null,
): Socket {
  const from = config.bindSourceAddr.value;
  const options: NetConnectOpts = {
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    ...(from === '' ? {} : { localAddress: from }),
  };
  if (!isSecure && reading !== null)
    return connect({ ...options, onread: direct(reading) }).resume();
  if (!isSecure) return connect(options);
  return connectTls({
    ...options,
    ...clientTls(config),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    checkServerIdentity: () => undefined, // By its authority alone, as Redis does.
  });
}

function direct({ buffer, onBytes }: DirectReading): OnReadOpts {
  return {
    buffer,
    callback(length) {
      onBytes(buffer.subarray(0, length));
      return true;
    },
  };
}
