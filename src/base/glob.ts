/**
 * Match bytes against a glob-style pattern, as HSCAN, PSUBSCRIBE and CONFIG GET do. KEYS and SCAN
 * are the core's, which has the same in src/core/assembly/glob.ts.
 *
 * `*` any run of bytes, `?` one byte, `[abc]` `[a-z]` `[^a]` one byte of a class, `\x` the byte x.
 * Odd input keeps Redis' meaning: an unclosed class ends with the pattern, a range may be reversed.
 *
 * A pattern is read once, into one number for each element; a class becomes a table of 256 bytes,
 * for to read it again at each byte behind a star takes most of the time. Redis recurses at each
 * star; here only the last star is retried, which finds the same matches (what an earlier star
 * could still swallow, the last one can too) in time pattern × text.
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

/** Elements: a byte, or one of these; from CLASS on the number of a class. */
const ANY_RUN = -1;
const ANY_BYTE = -2;
/** Behind the pattern's end: no byte is one. */
const NOTHING = -3;
const CLASS = 256;

export interface GlobOptions {
  /** ASCII letters match in either case. */
  readonly ignoreCase?: boolean;
}

/** @returns whether the whole text matches the whole pattern. */
export function globMatch(pattern: Uint8Array, text: Uint8Array, options?: GlobOptions): boolean {
  return new Glob(pattern, options).matches(text);
}

/** A pattern that is matched against many texts. */
export class Glob {
  readonly #elements: readonly number[];
  /** 256 bytes for each class: 1 where it has the byte. */
  readonly #classes: Uint8Array;
  /** What a byte is compared as. */
  readonly #fold: Uint8Array;

  constructor(pattern: Uint8Array, options: GlobOptions = {}) {
    this.#fold = options.ignoreCase === true ? LOWER : IDENTITY;
    const elements: number[] = [];
    const classes: Uint8Array[] = [];
    for (let p = 0; p < pattern.length;) {
      const byte = pattern[p]!;
      if (byte === OPEN) {
        const { bytes, end } = readClass(pattern, p + 1, this.#fold);
        elements.push(CLASS + classes.length);
        classes.push(bytes);
        p = end;
        continue;
      }
      if (byte === STAR) elements.push(ANY_RUN);
      else if (byte === QUESTION) elements.push(ANY_BYTE);
      else {
        if (byte === BACKSLASH && p + 1 < pattern.length) p++;
        elements.push(this.#fold[pattern[p]!]!);
      }
      p++;
    }
    this.#elements = elements;
    this.#classes = new Uint8Array(256 * classes.length);
    for (const [index, bytes] of classes.entries()) this.#classes.set(bytes, 256 * index);
  }

  /** @returns whether it matches the whole text. */
  matches(text: Uint8Array): boolean {
    const end = text.length;
    const elements = this.#elements;
    const classes = this.#classes;
    const fold = this.#fold;
    const count = elements.length;
    let p = 0;
    let s = 0;
    let starAt = -1; // Where the pattern goes on after the last star…
    let starText = 0; // …and the text position that this star has swallowed up to.
    while (s < end) {
      const element = p < count ? elements[p]! : NOTHING;
      if (element === ANY_RUN) {
        p++;
        if (p === count) return true;
        starAt = p;
        starText = s;
      } else if (has(element, text[s]!, classes, fold)) {
        p++;
        s++;
      } else if (starAt >= 0) {
        const next = elements[starAt]!;
        do starText++;
        while (starText < end && !has(next, text[starText]!, classes, fold));
        p = starAt;
        s = starText;
      } else {
        return false;
      }
    }
    while (p < count && elements[p] === ANY_RUN) p++;
    return p >= count;
  }
}

function has(element: number, byte: number, classes: Uint8Array, fold: Uint8Array): boolean {
  if (element >= CLASS) return classes[(element - CLASS) * 256 + byte] === 1;
  return element === ANY_BYTE || element === fold[byte];
}

const IDENTITY = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const LOWER = IDENTITY.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/** @returns the bytes of the class that begins behind its `[`, and where the pattern goes on. */
function readClass(
  pattern: Uint8Array,
  start: number,
  fold: Uint8Array,
): { bytes: Uint8Array; end: number } {
  const bytes = new Uint8Array(256);
  let p = start;
  const negated = pattern[p] === CARET;
  if (negated) p++;
  // Unclosed: the pattern ends here.
  for (; p < pattern.length && pattern[p] !== CLOSE; p++) {
    if (pattern[p] === BACKSLASH && p + 1 < pattern.length) {
      p++;
      bytes[pattern[p]!] = 1; // In this case alone, as in Redis.
    } else if (pattern[p + 1] === DASH && p + 2 < pattern.length) {
      addRange(bytes, fold[pattern[p]!]!, fold[pattern[p + 2]!]!, fold);
      p += 2;
    } else {
      addRange(bytes, fold[pattern[p]!]!, fold[pattern[p]!]!, fold);
    }
  }
  if (negated) for (let byte = 0; byte < 256; byte++) bytes[byte] = 1 - bytes[byte]!;
  return { bytes, end: p + 1 };
}

/** Add the bytes that are compared as one of the range, whichever of its ends comes first. */
function addRange(bytes: Uint8Array, one: number, other: number, fold: Uint8Array): void {
  const [from, to] = one < other ? [one, other] : [other, one];
  for (let byte = 0; byte < 256; byte++)
    if (fold[byte]! >= from && fold[byte]! <= to) bytes[byte] = 1;
}
