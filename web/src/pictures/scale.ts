/** Axes: round numbers between two ends. */

/** About so many round numbers that lie between the ends. */
export function ticks(lower: number, upper: number, about: number): number[] {
  const span = upper - lower;
  if (!(span > 0)) return [lower];
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
