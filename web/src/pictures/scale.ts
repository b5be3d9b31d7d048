/** Axes: round numbers between two ends. */

/** About so many round numbers that lie between the ends. */
export function ticks(lower: number, upper: number, about: number): number[] {
  const span = upper - lower;
  if (!isApart(lower, upper)) return [lower];
  const rough = span / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const found: number[] = [];
  for (let place = Math.ceil(lower / step - 1e-9); place * step <= upper + step * 1e-9; place += 1) {
    found.push(Number((place * step).toPrecision(12)));
  }
  return found;
}

/** What is left free beyond the ends of an axis, also where both are the same but for rounding. */
export function margin(lowest: number, highest: number, share: number): number {
  const span = isApart(lowest, highest) ? highest - lowest : Math.abs(highest) || 1;
  return span * share;
}

/** Whether two values differ by more than rounding. */
function isApart(lower: number, upper: number): boolean {
  return upper - lower > 1e-9 * Math.max(Math.abs(lower), Math.abs(upper));
}

/** From values to places on a picture. */
export function scale(lower: number, upper: number, from: number, to: number): (value: number) => number {
  const span = upper - lower || 1;
  return (value) => Number((from + ((value - lower) / span) * (to - from)).toFixed(2));
}
