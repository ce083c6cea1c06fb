/** Which servers a round has. */
import type { Kind } from './member.js';

/** Every order of real and own servers, three of them and four, but for those of one kind alone. */
const ORDERS: readonly (readonly Kind[])[] = [3, 4].flatMap((length) =>
  Array.from({ length: 2 ** length - 2 }, (_, code) =>
    Array.from({ length }, (__, at): Kind => (((code + 1) >> at) & 1 ? 'ours' : 'real')),
  ),
);

export function kindsOf(seed: number): readonly Kind[] {
  return ORDERS[seed % ORDERS.length]!;
}
