/**
 * Glob patterns as Redis has them, for SENTINEL RESET: `*`, `?`, `[a-z]`, `[^…]`, `\` escapes.
 *
 * @see redis/redis 7.0 src/util.c, stringmatchlen()
 */

/** @returns whether the whole text matches. */
export function matches(pattern: string, text: string): boolean {
  const part = /\\([\s\S])|\[(\^?)((?:\\[\s\S]|[^\]\\])*)\]|([\s\S])/g;
  const source = pattern.replace(
    part,
    (_all, escaped?: string, not?: string, set?: string, plain?: string) => {
      if (escaped !== undefined) return literal(escaped);
      if (set !== undefined)
        return set === '' ? '(?!)' : `[${not ?? ''}${set.replaceAll('[', '\\[')}]`;
      if (plain === '*') return '[\\s\\S]*';
      return plain === '?' ? '[\\s\\S]' : literal(plain ?? '');
    },
  );
  return new RegExp(`^${source}$`).test(text);
}

const literal = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
