/** LOLWUT's pictures, drawn with characters. */
import type { Prng } from '../../base/prng.js';

/**
 * Points, of which a character of Braille shows eight: two beside each other, four rows of them.
 */
class Points {
  readonly #width: number;
  readonly #height: number;
  readonly #points: Uint8Array;

  constructor(columns: number, height: number) {
    this.#width = columns * 2;
    this.#height = height;
    this.#points = new Uint8Array(this.#width * height);
  }

  /** A straight line; what lies outside is not drawn. */
  line([fromX, fromY]: Place, [toX, toY]: Place): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY))));
    for (let step = 0; step <= steps; step++) {
      const x = Math.round(fromX + ((toX - fromX) * step) / steps);
      const y = Math.round(fromY + ((toY - fromY) * step) / steps);
      const isInside = x >= 0 && x < this.#width && y >= 0 && y < this.#height;
      if (isInside) this.#points[y * this.#width + x] = 1;
    }
  }

  text(): string {
    const lines: string[] = [];
    for (let y = 0; y < this.#height; y += 4) {
      let line = '';
      for (let x = 0; x < this.#width; x += 2) line += this.#character(x, y);
      lines.push(line);
    }
    return lines.join('\n');
  }

  #character(x: number, y: number): string {
    let bits = 0;
    for (const [bit, [right, down]] of DOTS.entries()) {
      if (y + down >= this.#height) continue;
      bits |= this.#points[(y + down) * this.#width + x + right]! << bit;
    }
    return String.fromCharCode(0x2800 + bits);
  }
}

type Place = readonly [x: number, y: number];

/** Where a character has the point of each of its bits. */
const DOTS: readonly Place[] = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
];

/** Rows of squares, the lower the more out of place and turned. */
export function squares(columns: number, inRow: number, inColumn: number, random: Prng): string {
  const width = columns * 2;
  const margin = width > 4 ? 2 : 0;
  const side = (width - margin * 2) / inRow;
  const points = new Points(columns, Math.ceil(side * inColumn + margin * 2));
  const half = side / Math.SQRT2;
  for (let row = 0; row < inColumn; row++) {
    for (let column = 0; column < inRow; column++) {
      const disorder = row > 1 ? row / inColumn : 0;
      const shake = (): number => (random.uint32() / 2 ** 32 - 0.5) * disorder;
      const x = margin + side * (column + 0.5 + shake() * 0.7);
      const y = margin + side * (row + 0.5 + shake() * 0.7);
      const turn = shake() * Math.PI;
      const corner = (index: number): Place => {
        const angle = turn + Math.PI / 4 + (index * Math.PI) / 2;
        return [x + half * Math.cos(angle), y + half * Math.sin(angle)];
      };
      for (let index = 0; index < 4; index++) points.line(corner(index), corner(index + 1));
    }
  }
  return points.text();
}

/** From black to white: a colour of the terminal for what is behind and in front. */
const SHADES = ['0;30;40', '0;90;100', '0;37;47', '0;97;107'];
const SKY = 3;

/** Houses before a white sky, those in front black and with windows. */
export function skyline(columns: number, rows: number, random: Prng): string {
  const pixels = Array.from({ length: rows }, () => new Uint8Array(columns).fill(SKY));
  const below = (limit: number): number => random.uint32() % Math.max(1, limit);
  for (const shade of [2, 1, 0]) {
    for (let x = -10; x < columns;) {
      x += below(8);
      const width = 10 + below(9);
      const height = Math.min(
        rows,
        Math.floor(rows / 3) + below(Math.floor((rows * (shade + 1)) / 4)),
      );
      house(pixels, { x, width, height, shade, random });
      x += shade === 2 ? Math.floor(width / 2) : width + 1;
    }
  }
  return pixels
    .map((line) => Array.from(line, (shade) => `\u001b[${SHADES[shade]}m \u001b[0m`).join(''))
    .join('\n');
}

interface House {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly shade: number;
  readonly random: Prng;
}

function house(pixels: readonly Uint8Array[], { x, width, height, shade, random }: House): void {
  const top = pixels.length - height;
  for (let y = top; y < pixels.length; y++) {
    const isRoof = y === top;
    for (let column = isRoof ? 2 : 0; column < width - (isRoof ? 2 : 0); column++) {
      const hasWindow =
        shade === 0 && y > top + 1 && y < pixels.length - 1 && column > 1 && column < width - 2;
      const isWindow = hasWindow && (y - top) % 2 === 0 && Math.floor(column / 2) % 2 === 1;
      const line = pixels[y]!;
      if (x + column < 0 || x + column >= line.length) continue;
      if (!isWindow) line[x + column] = shade;
      // A window is two characters wide, and of one light.
      else line[x + column] = column % 2 === 1 ? line[x + column - 1]! : 1 + (random.uint32() % 2);
    }
  }
}
