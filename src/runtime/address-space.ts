/**
 * The address space that actors need, and whether the process may have it.
 *
 * V8 reserves addresses, not memory, around each WebAssembly memory, so that an access past its end
 * is a page fault: 10 GiB (8 from Node 24 on), whatever the memory's maximum. Where a limit forbids
 * that (`ulimit -v`), V8 says little, or ends the process. So it is asked beforehand. A smaller
 * maximum would not help; `--disable-wasm-trap-handler` does, as then only the maximum is reserved,
 * and where even that does not fit V8 takes a smaller maximum by itself: the node is full sooner.
 */
import { readFileSync } from 'node:fs';

import { counted } from '../base/quantity.js';
import { RingleaderError } from '../base/errors.js';

const GIB = 1024 ** 3;
/** Around each node's memory. */
const GUARDED_BYTES = 10 * GIB;
/** Likewise with --disable-wasm-trap-handler: all that a wasm32 memory can become. */
const UNGUARDED_BYTES = 4 * GIB;
/** A thread's heap, code and stack, as V8 reserves them. */
const THREAD_BYTES = 0.6 * GIB;

/** What the process may have and has, bytes; `limit` null: as much as it wants, or not known. */
export interface AddressSpace {
  readonly limit: number | null;
  readonly used: number;
  /** Whether V8 reserves more than a memory's maximum. */
  readonly guarded: boolean;
}

/**
 * Check before threads are started that there are addresses for them.
 *
 * @throws RingleaderError OUT_OF_MEMORY: it says what is needed and how to get it.
 */
export function checkAddressSpace(
  nodes: number,
  sentinels: number,
  { limit, used, guarded }: AddressSpace = addressSpace(),
): void {
  const perNode = guarded ? GUARDED_BYTES : UNGUARDED_BYTES;
  // Several sentinels have a coordinator.
  const threads = nodes + sentinels + (sentinels > 1 ? 1 : 0);
  const needed = used + nodes * perNode + threads * THREAD_BYTES;
  if (limit === null || needed <= limit) return;
  const other = guarded
    ? `, or start Node with --disable-wasm-trap-handler: then a node reserves ${gib(UNGUARDED_BYTES)}`
    : '';
  throw new RingleaderError(
    'OUT_OF_MEMORY',
    `${counted(nodes, 'node')} and ${counted(sentinels, 'sentinel')} need ${gib(needed)} of address space, of which little ` +
      `becomes memory: ${gib(perNode)} a node and ${gib(THREAD_BYTES)} a thread, beside ${gib(used)} ` +
      `in use; this process may have ${gib(limit)}. Raise the limit (ulimit -v)${other}`,
  );
}

/** The sentence for a memory that could not be made although the limit allowed it. */
export function noMemoryFor(what: string, cause: unknown): RingleaderError {
  return new RingleaderError(
    'OUT_OF_MEMORY',
    `there is no room for the memory of ${what}: it reserves ${gib(GUARDED_BYTES)} of address space ` +
      '(ulimit -v), or 4 GiB where Node was started with --disable-wasm-trap-handler',
    { cause },
  );
}

/** As Linux tells it; elsewhere nothing is known. */
export function addressSpace(): AddressSpace {
  const guarded = !/--disable-wasm-trap-handler/.test(
    `${process.execArgv.join(' ')} ${process.env['NODE_OPTIONS'] ?? ''}`,
  );
  try {
    const [, limit] =
      /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    const [, kib] = /^VmSize:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return {
      limit: limit === undefined ? null : Number(limit),
      used: Number(kib ?? 0) * 1024,
      guarded,
    };
  } catch {
    return { limit: null, used: 0, guarded };
  }
}

function gib(bytes: number): string {
  return `${Number((bytes / GIB).toPrecision(3))} GiB`;
}
