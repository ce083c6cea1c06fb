/** Commands as clients and masters send them, the core reads them and the ring carries them. */

/** A command as a RESP array of bulk strings. */
export function encodeCommand(args: readonly (Uint8Array | string)[]): Buffer {
  let size = 16;
  for (const arg of args) {
    size += 16 + (typeof arg === 'string' ? Buffer.byteLength(arg) : arg.length);
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.write(`*${args.length}\r\n`, 'latin1');
  for (const arg of args) {
    const length = typeof arg === 'string' ? Buffer.byteLength(arg) : arg.length;
    at += bytes.write(`$${length}\r\n`, at, 'latin1');
    if (typeof arg === 'string') bytes.write(arg, at);
    else bytes.set(arg, at);
    at += length;
    at += bytes.write('\r\n', at, 'latin1');
  }
  return bytes.subarray(0, at);
}
