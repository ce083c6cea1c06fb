/** Lines of text in bytes: what a handshake is made of. */

const LF = 0x0a;

/**
 * The first line.
 *
 * @returns it without its end (`\n` or `\r\n`), and where the next begins; null: it has not ended.
 */
export function lineIn(bytes: Buffer): { readonly line: string; readonly end: number } | null {
  const at = bytes.indexOf(LF);
  if (at === -1) return null;
  const end = at > 0 && bytes[at - 1] === 0x0d ? at - 1 : at;
  return { line: bytes.toString('latin1', 0, end), end: at + 1 };
}
