/** A TCP relay whose way from the server to the client carries so many bytes a second. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class ThrottledLink {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, server: Server, target: number, bytesPerSecond: number) {
    this.port = port;
    this.#server = server;
    server.on('connection', (client) => {
      const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
      this.#pass(client, upstream, Infinity);
      this.#pass(upstream, client, bytesPerSecond);
    });
  }

  /** @param target - the server's port. */
  static async open(target: number, bytesPerSecond: number): Promise<ThrottledLink> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return new ThrottledLink(address.port, server, target, bytesPerSecond);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** After each piece nothing is read for as long as the link needs for it. */
  #pass(from: Socket, to: Socket, bytesPerSecond: number): void {
    this.#sockets.add(from);
    let freeAt = 0;
    from.on('data', (bytes) => {
      to.write(bytes);
      const now = performance.now();
      freeAt = Math.max(freeAt, now) + (bytes.length / bytesPerSecond) * 1000;
      const waitMs = freeAt - now;
      if (waitMs < 1) return;
      from.pause();
      setTimeout(() => from.resume(), waitMs);
    });
    from.on('error', () => {});
    from.on('close', () => {
      to.destroy();
      this.#sockets.delete(from);
    });
  }
}
