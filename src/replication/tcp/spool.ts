/**
 * A snapshot kept until it is whole: for a replica that must be told its length first, or that is
 * not to be waited for while it is made. src/io keeps it in a file.
 */
export interface Spool {
  /** Bytes written. */
  readonly length: number;
  /** @throws where the disk refuses. */
  write(bytes: Uint8Array): void;
  /** @returns up to so many bytes from there on. @throws where the disk refuses. */
  read(at: number, maxBytes: number): Buffer;
  /** Its contents are not needed any more. */
  close(): void;
}
