/** A TCP relay in front of one server: its connections can be cut, or left open without a byte. */
import { connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export class Relay {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isSilent = false;

  private constructor(port: number, server: Server, target: number) {
    this.port = port;
    this.#server = server;
    server.on('connection', (client) => this.#join(client, target));
  }

  /** @param target - the server's port. */
  static async open(target: number): Promise<Relay> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return new Relay(address.port, server, target);
  }

  /** End every connection; new ones are taken. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Pass on nothing, and end nothing, until heal(). */
  silence(): void {
    this.#isSilent = true;
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  heal(): void {
    this.#isSilent = false;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(client: Socket, target: number): void {
    const server = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pair = { client, server };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
      if (this.#isSilent) from.pause();
    }
  }
}
