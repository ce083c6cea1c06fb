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

/** Headline figures beside each other, as bars from 0. */
export interface Bars {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly {
    readonly label: string;
    readonly value: number;
    /** Bars of one kind have one colour. */
    readonly kind: number;
  }[];
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
    /** The axis' ends, where plots are to be compared; else those of the values. */
    readonly range?: readonly [from: number, to: number];
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
  readonly bars?: Bars;
  readonly table?: Table;
  readonly plot?: Plot;
}

export interface Report {
  readonly title: string;
  /** When it was made, and by which command, as it can be given again. */
  readonly made?: { readonly at: string; readonly command: string };
  /** What was measured, on what, and what a reader must know to read it right. */
  readonly intro: string;
  readonly sections: readonly Section[];
}
