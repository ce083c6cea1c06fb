/** A client's connection, written to beside its replies: what a replica's stream goes out on. */
import type { OutputStream } from '../../commands/node/clients.js';
import type { NodeStats } from '../observation/stats.js';
import type { Transport } from './transport.js';

/** @param kill - ends the connection for all who know it. */
export function streamOver(transport: Transport, stats: NodeStats, kill: () => void): OutputStream {
  return {
    get bufferedBytes() {
      return transport.bufferedBytes;
    },
    write(bytes) {
      stats.netOutputBytes += bytes.length;
      transport.write(bytes);
    },
    whenDrained: (task) => transport.whenDrained(task),
    end: () => transport.end(),
    destroy: kill,
  };
}
