/**
 * MONITOR: clients that see every command that others give.
 *
 * While there is one, the core hands every command over before it runs (gate.ts), because what it
 * runs by itself is not seen here. Without one, nothing is asked and nothing is written.
 *
 * @see redis/redis 7.0.15 src/replication.c, replicationFeedMonitors(); src/sds.c, sdscatrepr()
 */
import { quote } from '../../resp/split-args.js';
import type { Client } from '../client.js';

export class Monitors {
  readonly #clients = new Set<Client>();
  /** Lines for the client whose command is running. */
  #own: Buffer[] = [];

  get active(): boolean {
    return this.#clients.size > 0;
  }

  add(client: Client): void {
    client.isMonitor = true;
    this.#clients.add(client);
  }

  remove(client: Client): void {
    client.isMonitor = false;
    this.#clients.delete(client);
  }

  /**
   * Show a command to those who watch.
   *
   * @param args - without secrets.
   * @param db - the client's database once the command had run, as in Redis.
   */
  feed(client: Client, db: number, args: readonly Uint8Array[], unixMicros: number): void {
    const line = Buffer.from(monitorLine(client, db, args, unixMicros), 'latin1');
    for (const monitor of this.#clients) {
      if (monitor === client) this.#own.push(line);
      else monitor.send(line);
    }
  }

  /** Show a client that monitors its own commands: each has been answered by now. */
  feedOwn(client: Client): void {
    for (const line of this.#own) client.send(line);
    this.#own = [];
  }
}

function monitorLine(
  client: Client,
  db: number,
  args: readonly Uint8Array[],
  unixMicros: number,
): string {
  const whole = Math.floor(unixMicros);
  const time = `${Math.floor(whole / 1e6)}.${`${whole % 1e6}`.padStart(6, '0')}`;
  const words = args.map(quoted).join(' ');
  return `+${time} [${db} ${client.output.remoteAddress}] ${words}\r\n`;
}

/** @returns the bytes in quotes, those that cannot be printed as escapes. */
export function quoted(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return quote(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'));
}
