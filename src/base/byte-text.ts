/**
 * Texts with one character per byte: how configuration files are read and how a sentinel's rules
 * keep names and passwords, so that bytes in whatever encoding pass through unchanged.
 */

/** @returns a text's bytes in UTF-8, a character each. */
export function toByteText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** @returns what the bytes say in UTF-8: for logs, paths and events. */
export function fromByteText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
