/**
 * Users as text: the lines `user <name> <rule> …` of an ACL file.
 *
 * @see redis/redis 7.0.15 src/acl.c, ACLLoadFromFile()
 */
import { userLine } from '../../commands/access/user.js';
import { faultText, hasBlanks } from './faults.js';
import { mergeSelectors, User, type UserRules } from './user.js';

const ABANDONED =
  'WARNING: ACL errors detected, no change to the previously active ACL rules was performed';

/**
 * @param file - its name, for what is said of it.
 * @returns the users, or all that is wrong, in one line.
 */
export function readUsers(
  rules: UserRules,
  file: string,
  text: string,
): { readonly users: ReadonlyMap<string, User> } | { readonly errors: string } {
  const users = new Map<string, User>();
  let errors = '';
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
    if (line !== '') errors += readLine(rules, users, line, `${file}:${index + 1}`);
  }
  return errors === '' ? { users } : { errors: errors + ABANDONED };
}

/** @returns what is wrong; '': nothing, the user is among the others. */
function readLine(rules: UserRules, users: Map<string, User>, line: string, place: string): string {
  const [keyword, name, ...words] = line.split(' ');
  if (keyword !== 'user' || name === undefined) {
    return `${place} should start with user keyword followed by the username. `;
  }
  if (hasBlanks(name)) return `'${place}: username '${name}' contains invalid characters. `;
  if (users.has(name)) {
    const number = place.slice(place.lastIndexOf(':') + 1);
    return `WARNING: Duplicate user '${name}' found on line ${number}. `;
  }
  const user = new User(name, rules);
  users.set(name, user);
  const merged = mergeSelectors(words);
  if ('unmatched' in merged) return `${place}: Unmatched parenthesis in selector definition.`;
  let errors = '';
  let isTold = false;
  for (const raw of merged.rules) {
    const rule = raw.replaceAll(/^[\t\r\n]+|[\t\r\n]+$/g, '');
    const fault = user.apply(rule);
    if (fault === null) continue;
    if (fault === 'unknown') {
      errors += `${place}: Error in applying operation '${rule}': ${faultText(fault)}. `;
    } else if (!isTold) {
      // Others may hold a password, and follow from the first.
      errors += `${place}: ${faultText(fault)}. `;
      isTold = true;
    }
  }
  return errors;
}

/** @returns a line for each user. */
export function writeUsers(users: readonly User[]): string {
  return users.map((user) => `${userLine(user)}\n`).join('');
}
