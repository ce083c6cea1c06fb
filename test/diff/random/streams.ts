/** Random commands about streams, as lines; and dumps that somebody has damaged. */
import type { Prng } from '../../../src/base/prng.js';
import { seal } from './payload.js';

/** @returns commands whose replies hold no times, but for those that say so. */
export function randomStreams(random: Prng, count: number): string[] {
  const below = (bound: number): number => random.below(bound);
  const pick = (...words: readonly string[]): string => words[below(words.length)] ?? '';
  let ms = 1;
  const key = (): string => `s${below(4)}`;
  const group = (): string => `g${below(3)}`;
  const consumer = (): string => `c${below(4)}`;
  const id = (): string =>
    random.chance(0.3) ? `${below(ms + 2)}` : `${below(ms + 2)}-${below(3)}`;
  const value = (): string => {
    const kinds = [
      '7',
      '-300',
      '70000',
      '9223372036854775807',
      'x',
      'word',
      'y'.repeat(below(120)),
    ];
    return pick(...kinds) || '0';
  };
  const fields = (): string => {
    const names = random.chance(0.7) ? ['a', 'b'] : ['a', 'c', 'd', '5'].slice(0, 1 + below(4));
    return names.map((name) => `${name} ${value()}`).join(' ');
  };
  const trim = (): string =>
    random.chance(0.5)
      ? `MAXLEN ${pick('', '= ', '~ ')}${below(30)}`
      : `MINID ${pick('', '= ', '~ ')}${id()}`;
  const add = (): string => {
    if (random.chance(0.5)) ms += below(3);
    const given = pick(`${ms}-*`, `${ms}-${below(4)}`, `${++ms}`);
    return `XADD ${key()} ${random.chance(0.15) ? `${trim()} ` : ''}${given} ${fields()}`;
  };
  const claim = (): string => {
    const options = pick('', ' JUSTID', ' FORCE', ' RETRYCOUNT 5', ` LASTID ${id()}`, ' IDLE 99');
    return `XCLAIM ${key()} ${group()} ${consumer()} 0 ${id()} ${id()}${options}`;
  };
  const make = (): string => {
    switch (below(22)) {
      case 0:
        return `XDEL ${key()} ${id()} ${id()}`;
      case 1:
        return `XTRIM ${key()} ${trim()}`;
      case 2:
        return `XRANGE ${key()} ${pick('-', id(), `(${id()}`)} ${pick('+', id())} COUNT ${below(9)}`;
      case 3:
        return `XREVRANGE ${key()} ${pick('+', id(), `(${id()}`)} ${pick('-', id())}`;
      case 4:
        return `XGROUP CREATE ${key()} ${group()} ${pick('0', '$', id())} MKSTREAM`;
      case 5:
      case 6:
      case 7:
        return `XREADGROUP GROUP ${group()} ${consumer()} COUNT ${1 + below(6)}${pick('', ' NOACK')} STREAMS ${key()} ${pick('>', '>', '0', id())}`;
      case 8:
        return `XACK ${key()} ${group()} ${id()} ${id()} ${id()}`;
      case 9:
        return claim();
      case 10:
        return `XAUTOCLAIM ${key()} ${group()} ${consumer()} 0 ${pick('-', id())} COUNT ${1 + below(5)}${pick('', ' JUSTID')}`;
      case 11:
        return pick(
          `XGROUP SETID ${key()} ${group()} ${pick('$', id())}${pick('', ' ENTRIESREAD 4')}`,
          `XGROUP DELCONSUMER ${key()} ${group()} ${consumer()}`,
          `XGROUP CREATECONSUMER ${key()} ${group()} ${consumer()}`,
          random.chance(0.2) ? `XGROUP DESTROY ${key()} ${group()}` : `XLEN ${key()}`,
        );
      case 12:
        return `XINFO ${pick('STREAM', 'GROUPS')} ${key()}`;
      case 13:
        return `XPENDING ${key()} ${group()}${pick('', ' - + 20', ` - + 5 ${consumer()}`)}`;
      case 14:
        return `XREAD COUNT ${1 + below(4)} STREAMS ${key()} ${key()} ${id()} ${id()}`;
      case 15:
        return random.chance(0.1)
          ? pick(`DEL ${key()}`, `COPY ${key()} ${key()} REPLACE`, `XSETID ${key()} ${ms + 5}`)
          : `XINFO STREAM ${key()} FULL COUNT 0`;
      default:
        return add();
    }
  };
  return Array.from({ length: count }, make);
}

/** @returns the payload with some bytes changed, cut out or put in, and a checksum that fits. */
export function* damagedDumps(random: Prng, dump: Buffer, count: number): Iterable<Buffer> {
  const body = dump.subarray(0, -10);
  for (let i = 0; i < count; i++) {
    let bytes = Buffer.from(body);
    for (let changes = 1 + random.below(3); changes > 0; changes--) {
      const at = 1 + random.below(bytes.length - 1);
      if (random.chance(0.7)) bytes[at] = random.below(256);
      else if (random.chance(0.5)) {
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
      } else {
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.of(random.below(256)),
          bytes.subarray(at),
        ]);
      }
    }
    yield seal(bytes, 10);
  }
}
