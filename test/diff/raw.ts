/**
 * One script, two servers, every byte that comes back: where the order of replies and pushes, and
 * what is inside an array, are the question. (compare.ts takes reply after reply.)
 */
import type { ExecutionContext } from 'ava';
import { connect } from 'node:net';
import type { Pair } from './compare.js';

/** Makes the connection speak again, whatever the script has done to it. */
const END = 'RESET\r\nPING end-of-script\r\n';

/**
 * Run each script in RESP2 and RESP3, on connections of its own; the servers answer alike.
 *
 * @param scripts - lines in a form for people, joined by ` | `.
 */
export async function compareBytes(
  t: ExecutionContext,
  pair: Pair,
  scripts: readonly string[],
): Promise<void> {
  for (const script of scripts) {
    for (const protocol of [2, 3]) {
      const lines = [`HELLO ${protocol}`, ...script.split(' | ')];
      const [expected, actual] = await Promise.all(
        [pair.real.port, pair.ours.port].map((port) => answersTo(port, lines)),
      );
      t.is(actual, expected, `RESP${protocol}: ${script}`);
    }
  }
}

/** @returns all that comes back until the end is answered, or the connection closed. */
function answersTo(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let answers = '';
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      socket.write(`${lines.map((line) => `${line}\r\n`).join('')}${END}`);
    });
    socket.on('data', (text) => {
      answers += String(text);
      if (answers.endsWith('end-of-script\r\n')) socket.end();
    });
    socket.on('close', () => resolve(masked(answers)));
    socket.on('error', (error) => (answers === '' ? reject(error) : resolve(masked(answers))));
  });
}

/** Without times, addresses and the ids of clients. */
function masked(answers: string): string {
  return answers
    .replaceAll(/\+\d+\.\d+ \[(\d+) 127\.0\.0\.1:\d+\]/g, '+time [$1 address]')
    .replaceAll(/(\$2\r\nid\r\n):\d+/g, '$1:id')
    .replaceAll('\r\n', ' ');
}
