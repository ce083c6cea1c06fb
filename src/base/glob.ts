/**
 * Match bytes against a glob-style pattern, as KEYS, SCAN, PSUBSCRIBE and CONFIG GET do.
 *
 * `*` any run of bytes, `?` one byte, `[abc]` `[a-z]` `[^a]` one byte of a class, `\x` the byte x.
 * Odd input keeps Redis' meaning: an unclosed class ends with the pattern, a range may be reversed.
 *
 * Redis recurses at each star; here only the last star is retried, which finds the same matches
 * (what an earlier star could still swallow, the last one can too) in time pattern × text.
 *
 * @see redis/redis 7.0 src/util.c, stringmatchlen()
 */
const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const CARET = 0x5e;
const BACKSLASH = 0x5c;
const DASH = 0x2d;

/**
 * @param options - `ignoreCase`: ASCII letters match in either case.
 * @returns whether the whole text matches the whole pattern.
 */
export function globMatch(
  pattern: Uint8Array,
  text: Uint8Array,
  options: { readonly ignoreCase?: boolean } = {},
): boolean {
  const fold = options.ignoreCase === true ? lower : identity;
  let p = 0;
  let s = 0;
  let starAt = -1; // Where the pattern goes on after the last star…
  let starText = 0; // …and the text position that this star has swallowed up to.
  while (s < text.length) {
    if (pattern[p] === STAR) {
      p++;
      starAt = p;
      starText = s;
      continue;
    }
    const next = p < pattern.length ? matchOne(pattern, p, text[s] ?? 0, fold) : -1;
    if (next >= 0) {
      p = next;
      s++;
    } else if (starAt >= 0) {
      starText++;
      p = starAt;
      s = starText;
    } else {
      return false;
    }
  }
  while (pattern[p] === STAR) p++;
  return p >= pattern.length;
}

type Fold = (byte: number) => number;
const identity: Fold = (byte) => byte;
const lower: Fold = (byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);

/** @returns where the pattern goes on when its element at `p` matches `byte`, or -1. */
function matchOne(pattern: Uint8Array, p: number, byte: number, fold: Fold): number {
  const element = pattern[p] ?? 0;
  if (element === QUESTION) return p + 1;
  if (element === OPEN) return matchClass(pattern, p + 1, byte, fold);
  const literal = element === BACKSLASH && p + 1 < pattern.length ? p + 1 : p;
  return fold(pattern[literal] ?? 0) === fold(byte) ? literal + 1 : -1;
}

function matchClass(pattern: Uint8Array, start: number, byte: number, fold: Fold): number {
  let p = start;
  const negated = pattern[p] === CARET;
  if (negated) p++;
  let matched = false;
  for (;;) {
    if (p >= pattern.length) break; // Unclosed: the pattern ends here.
    if (pattern[p] === BACKSLASH && p + 1 < pattern.length) {
      p++;
      if (pattern[p] === byte) matched = true;
    } else if (pattern[p] === CLOSE) {
      p++;
      break;
    } else if (pattern[p + 1] === DASH && p + 2 < pattern.length) {
      const a = fold(pattern[p] ?? 0);
      const b = fold(pattern[p + 2] ?? 0);
      const value = fold(byte);
      if (value >= Math.min(a, b) && value <= Math.max(a, b)) matched = true;
      p += 2;
    } else if (fold(pattern[p] ?? 0) === fold(byte)) {
      matched = true;
    }
    p++;
  }
  return matched === negated ? -1 : p;
}
