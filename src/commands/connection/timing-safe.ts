/** Compare secrets in a time that tells nothing about where they differ. */

/** @returns whether the two are equal. The time depends on the length of `given` only. */
export function timingSafeEqual(secret: Uint8Array, given: Uint8Array): boolean {
  let difference = secret.length ^ given.length;
  for (let i = 0; i < given.length; i++) {
    difference |= (secret[i % Math.max(1, secret.length)] ?? 0) ^ (given[i] ?? 0);
  }
  return difference === 0;
}
