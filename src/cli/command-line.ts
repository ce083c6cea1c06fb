/** The command as it can be given again, for a report: quoted for a shell, without passwords. */
import { withoutSecrets } from '../cluster/server-url.js';

/** @param args - behind `ringleader`. */
export function commandLine(args: readonly string[]): string {
  return ['ringleader', ...args.map(toWord)].join(' ');
}

/** When a report is made, to the minute, and how. */
export function madeNow(wallMs: number, args: readonly string[]): { at: string; command: string } {
  const [day, time] = new Date(wallMs).toISOString().split('T');
  return { at: `${day} ${time!.slice(0, 5)} UTC`, command: commandLine(args) };
}

function toWord(arg: string): string {
  const [, option = '', value = ''] = /^(--[a-z-]+=)?(.*)$/s.exec(arg)!;
  const shown = value.includes('://') ? `${option}${withoutSecrets(value)}` : arg;
  return /^[\w@%+=:,./…-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
}
