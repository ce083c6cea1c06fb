/** Log lines in redis-server's format, which people's tools grep. */

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

/** C: before there is a role; M: master; S: replica; X: sentinel. */
export type LogRole = 'C' | 'M' | 'S' | 'X';

const MARKS: Readonly<Record<LogLevel, string>> = {
  debug: '.',
  verbose: '-',
  notice: '*',
  warning: '#',
};
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * @param wallMs - Unix ms; printed in local time.
 * @returns the line, without a newline: `<pid>:<role> 22 Nov 2026 11:06:50.260 <mark> <text>`.
 * @see redis/redis 7.0 src/server.c, serverLogRaw()
 */
export function logLine(
  pid: number,
  role: LogRole,
  wallMs: number,
  level: LogLevel,
  text: string,
): string {
  const date = new Date(wallMs);
  const day = `${pad(date.getDate())} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => pad(part))
    .join(':');
  return `${pid}:${role} ${day} ${time}.${pad(date.getMilliseconds(), 3)} ${MARKS[level]} ${text}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
