/**
 * A connection's bytes, whatever carries them: a TCP socket or a MessagePort (src/io).
 *
 * The executor sees no difference, so a client in the process and one on the network get the same
 * service.
 */
export interface Transport {
  /** `127.0.0.1:50123` of the other side; of an in-process connection, a name without spaces. */
  readonly remoteAddress: string;
  readonly localAddress: string;
  /** Bytes written that the other side has not taken yet. */
  readonly bufferedBytes: number;
  /** Queue bytes for sending; they are not copied, so the caller leaves them alone. */
  write(bytes: Uint8Array): void;
  /** Call once when the other side has taken all, or nearly all, that was written. */
  whenDrained(task: () => void): void;
  /** Whether small writes are sent at once, or wait a moment for more; absent: always at once. */
  setNoDelay?(isOn: boolean): void;
  /** Take no more input for now; what has arrived meanwhile is kept by the sender. */
  pause(): void;
  resume(): void;
  /** End the connection once what was written has been sent. */
  end(): void;
  /** End it now. */
  destroy(): void;
}
