/** Text from a file, or from stdin as `-`. */
import { readFileSync, readSync } from 'node:fs';

const STDIN = 0;
const CHUNK_BYTES = 1 << 16;
/** ms until a stdin that has nothing yet is asked again. */
const RETRY_MS = 5;

/**
 * @param file - a path, or `-`.
 * @throws what Node throws of a file that cannot be read.
 */
export function readText(file: string, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  return file === '-' ? readStdin().toString(encoding) : readFileSync(file, encoding);
}

/**
 * `readFileSync(0)` fails with EAGAIN where another process has made the pipe, or the terminal,
 * non-blocking, and with EOF at the end of a pipe on Windows.
 */
function readStdin(): Buffer {
  const chunks: Buffer[] = [];
  const waitWord = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    try {
      const length = readSync(STDIN, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
    } catch (error) {
      const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'EOF') return Buffer.concat(chunks);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(waitWord, 0, 0, RETRY_MS);
    }
  }
}
