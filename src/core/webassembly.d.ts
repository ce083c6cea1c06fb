/**
 * The part of the global WebAssembly that the hosts of the core and of Lua use: Node has it,
 * TypeScript describes it only together with the browser's DOM.
 */
declare namespace WebAssembly {
  class Module {
    private readonly brand: unknown;
    constructor(bytes: Uint8Array);
    static imports(module: Module): readonly { readonly module: string; readonly name: string }[];
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
