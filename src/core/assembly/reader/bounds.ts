/** What keeps a reader from harm while what it looks at changes. */

/** Garbage was met. */
export const TORN: i32 = -4;

/** The memory's last page is never given out, so a few bytes more may be read as well. @inline */
export function isInside(at: usize, size: u32): bool {
  return <u64>at + size <= ((<u64>memory.size()) << 16) - 64;
}
