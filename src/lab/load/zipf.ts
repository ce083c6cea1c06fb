/**
 * Numbers with Zipf's distribution: rank k (0 first) comes up in proportion to 1 / (k + 1)^theta.
 *
 * Rejection-inversion: a number is drawn under a curve that lies over the distribution and can be
 * inverted, and kept or drawn again; more than nine of ten are kept. It needs no table, so the
 * count of ranks costs nothing, and it is exact for every theta above 0, 1 included.
 *
 * @see W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM TOMACS 6(3), 1996
 */
import { assert } from '../../base/assert.js';

export class Zipf {
  readonly #count: number;
  readonly #theta: number;
  readonly #areaAtFirst: number;
  readonly #areaAtLast: number;
  readonly #sure: number;

  /**
   * @param theta - above 0: the larger, the more goes to the first ranks. 0.99 is what YCSB uses.
   */
  constructor(count: number, theta: number) {
    assert(count >= 1 && theta > 0, 'a rank and a slope');
    this.#count = count;
    this.#theta = theta;
    this.#areaAtFirst = this.#area(1.5) - 1;
    this.#areaAtLast = this.#area(count + 0.5);
    this.#sure = 2 - this.#inverse(this.#area(2.5) - 2 ** -theta);
  }

  /**
   * @param uniform - gives numbers from 0 to 1; called once for each that is drawn.
   * @returns 0 to count-1.
   */
  next(uniform: () => number): number {
    for (;;) {
      const u = this.#areaAtLast + uniform() * (this.#areaAtFirst - this.#areaAtLast);
      const x = this.#inverse(u);
      const k = Math.min(this.#count, Math.max(1, Math.round(x)));
      if (k - x <= this.#sure || u >= this.#area(k + 0.5) - k ** -this.#theta) return k - 1;
    }
  }

  /** The integral of x^-theta, up to a constant: log x where theta is 1. */
  #area(x: number): number {
    const log = Math.log(x);
    return growth((1 - this.#theta) * log) * log;
  }

  #inverse(area: number): number {
    const t = Math.max(-1, area * (1 - this.#theta));
    return Math.exp(logGrowth(t) * area);
  }
}

/** (e^x - 1) / x, also at 0. */
function growth(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2;
}

/** log(1 + x) / x, also at 0. */
function logGrowth(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2;
}
