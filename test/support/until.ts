/** Wait for a condition, not for a time. */

/**
 * @param what - said when it does not come true within 10 s.
 * @throws Error then.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = 'condition',
): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true in 10 s`);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}
