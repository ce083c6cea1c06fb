/** Where a client of the cluster finds the master. */
import type { BytePort } from '../../runtime/connection.js';
import type { Words } from './command-rules.js';

export interface MasterSource {
  /** A new connection to the present master; null: there is none that can be reached. */
  connect(): { readonly id: string; readonly port: BytePort } | null;
  /** Commands that come first on every connection (AUTH, SELECT). Absent: none. */
  readonly greeting?: readonly Words[];
  /** Why none can be reached, for people; null or absent: it is not known. */
  failure?(): string | null;
  /**
   * Whether what is connected to takes no writes, and will not until it is asked for: the
   * cluster follows a master outside. Absent: no.
   */
  isReadOnly?(): boolean;
  /** Calls back with the id of each new master, until the function returned is called. */
  onChange(callback: (id: string) => void): () => void;
  /** The client was closed, and wants nothing more. */
  onClosed?(): void;
}
