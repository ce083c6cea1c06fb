/**
 * Split a configuration line into words, and quote a word for one.
 *
 * "…" understands \n \r \t \b \a \xHH and \ before any character; '…' understands \' only.
 *
 * @see redis/redis 7.0 src/sds.c, sdssplitargs(), sdscatrepr()
 */

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  a: '\u0007',
};

/** @returns the words, or null if quotes are unbalanced or run into the next word. */
export function splitArgs(line: string): string[] | null {
  const word = /\s*(?:"((?:\\[\s\S]|[^"\\])*)"|'((?:\\'|[^'])*)'|([^\s"']+))(?=\s|$)/y;
  const words: string[] = [];
  const end = line.trimEnd().length;
  while (word.lastIndex < end) {
    const [, double, single, plain] = word.exec(line) ?? [];
    if (double !== undefined) words.push(unescape(double));
    else if (single !== undefined) words.push(single.replaceAll("\\'", "'"));
    else if (plain !== undefined) words.push(plain);
    else return null;
  }
  return words;
}

function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (_all, hex?: string, char?: string) =>
    hex === undefined
      ? (escapes[char ?? ''] ?? char ?? '')
      : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}

/** @returns the word in double quotes. */
export function quote(word: string): string {
  const body = word.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
  return `"${body.replace(/\t/g, '\\t')}"`;
}
