/**
 * A map whose copy costs next to nothing, for states that are never changed in place: a copy shares
 * all values with its source until one of the two is changed.
 *
 * Values stand in chunks, keys lead to their places. Changing the value of a key that is there
 * copies one chunk; adding or deleting a key copies the table of keys: that is for maps whose
 * values change often and whose keys seldom do. Keys are visited in the order in which they came,
 * as in a Map.
 */

/** Places in a chunk, a power of two. */
const CHUNK_BITS = 5;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;

interface Chunk<V> {
  /** Which map may change it in place, as long as that is its token. */
  readonly token: object;
  readonly values: V[];
}

export class PersistentMap<K, V> implements ReadonlyMap<K, V> {
  /** Key → its value's place. */
  #places: Map<K, number>;
  #sharesPlaces: boolean;
  readonly #chunks: Chunk<V>[];
  /** How many places have been given. What was at a deleted key's stays there. */
  #length: number;
  /** Null: no chunk is this map's alone. */
  #token: object | null = null;

  constructor(source: ReadonlyMap<K, V> = new Map()) {
    if (source instanceof PersistentMap && source.#isCompact) {
      this.#places = source.#places;
      this.#chunks = source.#chunks.slice();
      this.#length = source.#length;
      this.#sharesPlaces = true;
      source.#sharesPlaces = true;
      source.#token = null;
      return;
    }
    this.#places = new Map();
    this.#chunks = [];
    this.#length = 0;
    this.#sharesPlaces = false;
    for (const [key, value] of source) this.set(key, value);
  }

  /** Whether most places are in use; if not, a copy is made anew. */
  get #isCompact(): boolean {
    return this.#length <= 2 * this.#places.size + CHUNK_MASK;
  }

  get size(): number {
    return this.#places.size;
  }

  has(key: K): boolean {
    return this.#places.has(key);
  }

  get(key: K): V | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#at(place);
  }

  #at(place: number): V {
    return this.#chunks[place >> CHUNK_BITS]!.values[place & CHUNK_MASK]!;
  }

  set(key: K, value: V): this {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#length++;
      this.#ownPlaces().set(key, place);
    }
    this.#ownValues(place >> CHUNK_BITS)[place & CHUNK_MASK] = value;
    return this;
  }

  /** @returns whether it was there. */
  delete(key: K): boolean {
    return this.#places.has(key) && this.#ownPlaces().delete(key);
  }

  #ownPlaces(): Map<K, number> {
    if (this.#sharesPlaces) this.#places = new Map(this.#places);
    this.#sharesPlaces = false;
    return this.#places;
  }

  #ownValues(index: number): V[] {
    const token = (this.#token ??= {});
    const found = this.#chunks[index];
    if (found?.token === token) return found.values;
    const values = found === undefined ? [] : found.values.slice();
    this.#chunks[index] = { token, values };
    return values;
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, place] of this.#places) yield [key, this.#at(place)];
  }

  *values(): MapIterator<V> {
    for (const place of this.#places.values()) yield this.#at(place);
  }

  keys(): MapIterator<K> {
    return this.#places.keys();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  /** @returns the values that the other map does not have at their keys, without a look at all. */
  *changedSince(other: PersistentMap<K, V>): Iterable<V> {
    if (this.#places !== other.#places) {
      for (const [key, value] of this) if (other.get(key) !== value) yield value;
      return;
    }
    for (const [index, chunk] of this.#chunks.entries()) {
      const before = other.#chunks[index];
      if (chunk === before) continue;
      for (const [at, value] of chunk.values.entries()) {
        if (value !== before?.values[at]) yield value;
      }
    }
  }
}
