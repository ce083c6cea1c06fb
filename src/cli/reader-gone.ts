/**
 * Ending quietly when whoever reads the output goes away: `ringleader up | head -4`.
 *
 * A shell's tools are ended by SIGPIPE then; Node ignores the signal and reports EPIPE instead,
 * which without a listener is an uncaught error with a stack. Here it counts as SIGTERM: what a
 * command has started is ended as its handlers end it, and the exit code is the one of SIGPIPE. A
 * command that has nothing to write learns it with its next line: Node has no way to ask a pipe for
 * its reader.
 */
import { EXIT_CODES } from './exit-code.js';

/** From now on, for the whole process. */
export function endWithReader(): void {
  let isGone = false;
  const end = (): void => {
    if (isGone) return;
    isGone = true;
    process.on('exit', () => {
      process.exitCode = EXIT_CODES.readerGone.code;
    });
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit();
  };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Windows calls it EOF.
      if (error.code !== 'EPIPE' && error.code !== 'EOF') throw error;
      end();
    });
  }
}
