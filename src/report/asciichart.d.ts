/** What is used of asciichart, which brings no types. */
declare module 'asciichart' {
  export interface PlotConfig {
    /** Rows. */
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly offset?: number;
    readonly padding?: string;
    readonly colors?: readonly (string | undefined)[];
    format?(value: number): string;
  }
  export function plot(series: readonly (readonly number[])[], config?: PlotConfig): string;
  export const blue: string;
  export const yellow: string;
  export const green: string;
  export const magenta: string;
  export const cyan: string;
  export const red: string;
}
