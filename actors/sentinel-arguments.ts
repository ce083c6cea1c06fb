/** What a command to a sentinel names outside of it: hosts to look up, scripts to look at. */
import { isName } from '../src/sentinel/names.js';

/** @returns the name of a host that SENTINEL MONITOR is given, or null. */
export function nameIn([name = '', subcommand = '', , address = '']: readonly string[]):
  | string
  | null {
  const isMonitor = name.toLowerCase() === 'sentinel' && subcommand.toLowerCase() === 'monitor';
  return isMonitor && isName(address) ? address : null;
}

/** Whether words of it may be the paths of scripts. */
export function isSet([name = '', subcommand = '']: readonly string[]): boolean {
  return name.toLowerCase() === 'sentinel' && subcommand.toLowerCase() === 'set';
}
