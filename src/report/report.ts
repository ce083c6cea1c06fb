/**
 * A report: what a command has measured or worked out, as data.
 *
 * One value serves all readers: `html.ts` makes a page with plots of it, `terminal.ts` tables and
 * charts of characters. It holds no markup; every string in it is plain text.
 */

export interface Series {
  readonly label: string;
  /** One for each x of the plot; null: nothing was seen there, and the line has a gap. */
  readonly values: readonly (number | null)[];
  /**
   * `bytes`, `µs`, `/s`… Series of a second unit get an axis of their own at the right; there is no
   * third.
   */
  readonly unit?: string;
}

export interface Axis {
  readonly label: string;
  /** A log axis leaves out what is not above 0. */
  readonly scale?: 'linear' | 'log';
}

export interface Plot {
  readonly title: string;
  readonly x: Axis & {
    readonly unit?: string;
    /** Ascending. */
    readonly values: readonly number[];
  };
  readonly y?: Axis;
  readonly series: readonly Series[];
  /** Events, drawn as lines across the plot; `at` is on the x axis. */
  readonly markers?: readonly Marker[];
}

export interface Marker {
  readonly at: number;
  readonly label: string;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Section {
  readonly heading: string;
  /** Lines to be copied as they are, in a box. */
  readonly code?: string;
  /** Paragraphs, with an empty line between them. */
  readonly text?: string;
  readonly table?: Table;
  readonly plot?: Plot;
}

export interface Report {
  readonly title: string;
  /** What was measured, on what, and what a reader must know to read it right. */
  readonly intro: string;
  readonly sections: readonly Section[];
}
