/** A shared WebAssembly.Memory, as those see it who only look into it. */
export interface SharedMemory {
  readonly buffer: ArrayBufferLike;
}
