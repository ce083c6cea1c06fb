/**
 * The part of the global WebAssembly that the core's host uses: Node has it, TypeScript describes
 * it only together with the browser's DOM.
 */
declare namespace WebAssembly {
  class Module {
    private readonly brand: unknown;
  }
  class Memory {
    constructor(descriptor: {
      readonly initial: number;
      readonly maximum: number;
      readonly shared: true;
    });
    readonly buffer: SharedArrayBuffer;
  }
  /** Whoever instantiates knows what the module exports. */
  class Instance<Exports> {
    /** @param module - a Module; of another thread's it may not be known. */
    constructor(module: object, imports: Record<string, Record<string, unknown>>);
    readonly exports: Exports;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
