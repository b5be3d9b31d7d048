/** A histogram of readings with error bars, of one series or of two over each other. */
import { svg, type TemplateResult } from "lit-html";
import { type Bar, bars, type Counts, drawnReadings, OTHERS } from "./statistics";
import { scale, ticks } from "./scale";

export const MOST_BARS = 32;
const LONGEST = 24;
const CHARACTER = 7.3;
const TOP = 8;
const BOTTOM = 44;
const THICK = 12;

export interface Series {
  /** In the legend, where there are two. */
  name: string;
  counts: Counts;
}

/** One bar for each reading, beside those of the other series; the most frequent readings, and all others. */
export function histogram(title: string, series: Series[], width: number): TemplateResult {
  const readings = drawnReadings(series.map((one) => one.counts), MOST_BARS);
  // In the order of readings, so that pictures of two jobs can be laid beside each other.
  readings.sort();
  const drawn = series.map((one) => bars(one.counts, readings));
  const names = drawn.some((one) => one.length > readings.length) ? [...readings, OTHERS] : readings;
  const rowHeight = series.length * THICK + 10;
  const left = Math.min(Math.max(...names.map((name) => short(name).length), 2), LONGEST) * CHARACTER + 12;
  const legend = series.length > 1 ? 26 : 0;
  const end = TOP + legend + names.length * rowHeight;
  const most = Math.max(0.01, ...drawn.flat().map((one) => one.upper));
  const place = scale(0, most, left, width - 12);
  return svg`<svg class="picture" role="img" viewBox="0 0 ${width} ${end + BOTTOM}" width=${width} height=${end + BOTTOM}>
    <title>${title}</title>
    <desc>${describe(series, drawn)}</desc>
    ${legend ? series.map((one, order) => key(one.name, order, width)) : ""}
    ${axis(ticks(0, most, width / 110), place, TOP + legend, end)}
    <text class="axis" x=${width - 12} y=${end + 36} text-anchor="end">share of the readings</text>
    ${names.map((name, row) => label(name, left, TOP + legend + (row + 0.5) * rowHeight))}
    ${drawn.map((one, order) =>
      one.map((bar) => {
        const row = names.indexOf(bar.reading);
        return box(bar, order, place, TOP + legend + row * rowHeight + 5 + order * THICK);
      }),
    )}
  </svg>` as TemplateResult;
}

function describe(series: Series[], drawn: Bar[][]): string {
  return series
    .map(({ name }, order) => {
      const frequent = [...(drawn[order] ?? [])].sort((one, other) => other.count - one.count).slice(0, 3);
      return `${name}: ${frequent.map((one) => `${one.reading} ${(100 * one.share).toFixed(1)} %`).join(", ")}`;
    })
    .join("; ");
}

function key(name: string, order: number, width: number): TemplateResult {
  const x = 12 + order * (width / 2 - 12);
  return svg`<rect class="bar bar--${order}" x=${x} y="8" width="12" height="12"></rect>
    <text x=${x + 20} y="19">${name}</text>` as TemplateResult;
}

function axis(values: number[], place: (value: number) => number, top: number, end: number): TemplateResult[] {
  return values.map(
    (value) => svg`<line class="grid" x1=${place(value)} x2=${place(value)} y1=${top} y2=${end}></line>
      <text class="axis" x=${place(value)} y=${end + 18} text-anchor="middle">${percentTick(value)}</text>` as TemplateResult,
  );
}

function percentTick(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`;
}

function label(name: string, left: number, y: number): TemplateResult {
  return svg`<text class=${name === OTHERS ? "axis" : "reading"} x=${left - 8} y=${y + 4} text-anchor="end"
    ><title>${name}</title>${short(name)}</text>` as TemplateResult;
}

/** Both ends of a reading that is too long. */
function short(reading: string): string {
  return reading.length <= LONGEST ? reading : `${reading.slice(0, 11)}…${reading.slice(-12)}`;
}

function box(bar: Bar, order: number, place: (value: number) => number, y: number): TemplateResult {
  const [from, to, middle] = [place(bar.lower), place(bar.upper), y + THICK / 2];
  const text = `${bar.reading}: ${bar.count} (${(100 * bar.share).toFixed(2)} %)`;
  return svg`<g><title>${text}</title>
    <rect class="bar bar--${order}" x=${place(0)} y=${y + 1} width=${place(bar.share) - place(0)} height=${THICK - 2}></rect>
    <path class="whisker" d="M${from} ${middle}H${to}M${from} ${middle - 3}v6M${to} ${middle - 3}v6"></path></g>` as TemplateResult;
}
