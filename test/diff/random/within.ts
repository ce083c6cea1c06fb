/** How long a server may take to answer. */
const REPLY_TIMEOUT_MS = 30_000;

/** @returns null when it takes too long. */
export async function within<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, REPLY_TIMEOUT_MS, null);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
