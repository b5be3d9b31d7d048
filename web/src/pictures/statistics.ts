/** Counts of readings, and what their finite number leaves open. */

export type Counts = Record<string, number>;

export interface Bar {
  reading: string;
  count: number;
  share: number;
  lower: number;
  upper: number;
}

/** 95 % of a normal distribution lie within so many standard deviations. */
const DEVIATIONS = 1.959964;
export const OTHERS = "others";

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Wilson's interval of a share, 95 %. */
export function wilson(count: number, shots: number): [lower: number, upper: number] {
  if (!shots) return [0, 1];
  const square = DEVIATIONS ** 2;
  const share = count / shots;
  const middle = (share + square / (2 * shots)) / (1 + square / shots);
  const half =
    (DEVIATIONS / (1 + square / shots)) * Math.sqrt((share * (1 - share)) / shots + square / (4 * shots ** 2));
  // Exact at the ends, where the formula is so but for rounding.
  return [count === 0 ? 0 : middle - half, count === shots ? 1 : middle + half];
}

/** The readings that are drawn: the most frequent ones of all series together, in the order of readings. */
export function drawnReadings(series: Counts[], most: number): string[] {
  const shares = new Map<string, number>();
  for (const counts of series) {
    const shots = total(counts) || 1;
    for (const [reading, count] of Object.entries(counts)) {
      shares.set(reading, (shares.get(reading) ?? 0) + count / shots);
    }
  }
  const frequent = [...shares].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  return frequent.slice(0, most).map(([reading]) => reading);
}

/** A bar for each reading, and one for all others, if there are any. */
export function bars(counts: Counts, readings: string[]): Bar[] {
  const shots = total(counts);
  const found = readings.map((reading) => bar(reading, counts[reading] ?? 0, shots));
  const rest = shots - found.reduce((sum, one) => sum + one.count, 0);
  return rest > 0 ? [...found, bar(OTHERS, rest, shots)] : found;
}

function bar(reading: string, count: number, shots: number): Bar {
  const [lower, upper] = wilson(count, shots);
  return { reading, count, share: shots ? count / shots : 0, lower, upper };
}

/** Half of the sum of all differences of shares: 0 if two series are equal, 1 if they have nothing in common. */
export function totalVariation(first: Counts, second: Counts): number {
  const [one, other] = [total(first) || 1, total(second) || 1];
  const readings = new Set([...Object.keys(first), ...Object.keys(second)]);
  let sum = 0;
  for (const reading of readings) sum += Math.abs((first[reading] ?? 0) / one - (second[reading] ?? 0) / other);
  return sum / 2;
}
