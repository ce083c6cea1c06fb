/** What a node says of itself when it asks to follow. */
export interface StrictQuestion {
  /** What it has promised. */
  readonly ballot: number;
  /** The ballot of its data; NO_DATA: it has none that could be missing elsewhere. */
  readonly data: number;
  /** It is a candidate, and wants what the other node has more. */
  readonly catchesUp: boolean;
}
