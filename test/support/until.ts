/** Wait for a condition, not for a time. */

/**
 * @param what - said when it does not come true in time.
 * @throws Error then.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = 'condition',
  limitMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true in ${limitMs / 1000} s`);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}
