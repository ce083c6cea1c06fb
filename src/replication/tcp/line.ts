/** Connections to other servers, as bytes; src/io makes them of sockets. */

/** A connection that this node has begun, to a master. */
export interface MasterLine {
  write(bytes: Uint8Array): void;
  /** End it now; nothing is heard of it afterwards. */
  close(): void;
}

export interface MasterLineHandlers {
  onOpen(): void;
  /** @param bytes - valid until it returns. */
  onBytes(bytes: Buffer): void;
  /** It was refused, lost, or closed by the other side. Once. */
  onClose(reason: string): void;
}

/** Begin a connection. Its handlers hear nothing before this has returned. */
export type Dial = (host: string, port: number, handlers: MasterLineHandlers) => MasterLine;

/** A connection that a replica has begun. */
export interface ReplicaLine {
  /** Bytes written that the other side has not taken yet. */
  readonly bufferedBytes: number;
  /** @param bytes - not copied: to be left alone. */
  write(bytes: Uint8Array): void;
  /** Call once when the other side has taken all, or nearly all, that was written. */
  whenDrained(task: () => void): void;
  /** End it once what was written has been sent. */
  end(): void;
  /** End it now. */
  destroy(): void;
}
