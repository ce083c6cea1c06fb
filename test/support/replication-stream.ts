/** What a real Redis sends its replicas: a replica that only listens. */
import { connect, type Socket } from 'node:net';
import { RequestParser } from '../../src/resp/request.js';

export class ReplicationStream {
  readonly #socket: Socket;
  /** Commands received, the master's pings left out. */
  readonly commands: (readonly Buffer[])[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when the full sync is over. The server must not wait for more replicas. */
  static open(port: number): Promise<ReplicationStream> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const stream = new ReplicationStream(socket);
      const parser = new RequestParser();
      let held: Buffer | null = Buffer.alloc(0);
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        if (held === null) return stream.#take(parser.feed(chunk).commands);
        held = Buffer.concat([held, chunk]);
        const length = /^\n*\$(\d+)\r\n/.exec(held.toString('latin1', 0, 64));
        if (length === null) return;
        const end = length[0].length + Number(length[1]);
        if (held.length < end) return;
        const rest = held.subarray(end);
        held = null;
        stream.#take(parser.feed(rest).commands);
        resolve(stream);
      });
      socket.write('SYNC\r\n');
    });
  }

  #take(commands: readonly (readonly Buffer[])[]): void {
    for (const command of commands) {
      if (String(command[0]) !== 'ping') this.commands.push(command);
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
