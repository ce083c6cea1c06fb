/**
 * How a cache's keys are called in the cluster, so that different names never meet.
 *
 * A cache without a namespace has its keys as they are. Everything else lies below `ringleader:`:
 *
 *   ringleader:in:<namespace>:<generation>:<key>   a namespace's key
 *   ringleader:generation:<namespace>              which generation of its keys is the present one
 *   ringleader:lock:<namespace>:<key>              who computes its value; without a
 *                                                  namespace nothing stands there
 *
 * A name within a namespace stands after a slash. What separates parts is escaped within them, but
 * for the key, which is the rest.
 */

const OWN = 'ringleader:';

/**
 * Whether a key is one of those above, which a cache without a namespace neither shows nor takes.
 */
export function isOwnKey(key: string): boolean {
  return key.startsWith(OWN);
}

/** @param outer - the namespace around it, as this function returned it; null: there is none. */
export function namespaceWithin(outer: string | null, name: string): string {
  const escaped = name.replaceAll(/[%/:]/g, encodeURIComponent);
  return outer === null ? escaped : `${outer}/${escaped}`;
}

/** @param namespace - as namespaceWithin() returned it, here and below. */
export function generationKey(namespace: string): string {
  return `${OWN}generation:${namespace}`;
}

/** What the keys of one generation of a namespace begin with. */
export function generationPrefix(namespace: string, generation: string): string {
  return `${OWN}in:${namespace}:${generation}:`;
}

export function lockKey(namespace: string | null, key: string): string {
  return `${OWN}lock:${namespace ?? ''}:${key}`;
}

/** SCAN's pattern for what begins with a text. */
export function patternOf(prefix: string): string {
  return `${prefix.replaceAll(/[\\*?[\]^-]/g, String.raw`\$&`)}*`;
}
