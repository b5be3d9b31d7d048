/** Axes: round numbers between two ends. */

/** Spans that are smaller than this share of the values are of rounding alone. */
const ROUNDING = 1e-9;

/** Where an axis begins and ends: some room beside the values, and at least this share of the largest between them. */
export function ends(values: number[], smallest: number): [lower: number, upper: number] {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  const span = highest - lowest;
  const drawn = Math.max(span, smallest * size) || 1;
  const room = (drawn - span) / 2 + 0.1 * drawn;
  return [lowest - room, highest + room];
}

/** About so many round numbers that lie between the ends. */
export function ticks(lower: number, upper: number, about: number): number[] {
  const span = upper - lower;
  if (!(span > ROUNDING * Math.max(Math.abs(lower), Math.abs(upper)))) return [lower];
  const rough = span / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const found: number[] = [];
  for (let place = Math.ceil(lower / step - 1e-9); place * step <= upper + step * 1e-9; place += 1) {
    found.push(Number((place * step).toPrecision(12)));
  }
  return found;
}

/** From values to places on a picture. */
export function scale(lower: number, upper: number, from: number, to: number): (value: number) => number {
  const span = upper - lower || 1;
  return (value) => Number((from + ((value - lower) / span) * (to - from)).toFixed(2));
}
