/** A value on a line: its interval, what is exact, and what chance would give. */
import { svg, type TemplateResult } from "lit-html";
import { ends, scale, ticks } from "./scale";

export interface Mark {
  kind: "answer" | "exact" | "chance";
  label: string;
  value: number;
}

export interface Line {
  name: string;
  range: { lower: number; upper: number } | null;
  marks: Mark[];
}

const ROW = 24;
const EDGE = 16;
/** Values nearer to each other than this share of them stand above each other: they are the same for whoever looks. */
const SMALLEST = 0.01;

/** Each mark in a row of its own, so that no words cover others. */
export function interval(line: Line, width: number): TemplateResult {
  const values = [...line.marks.map((mark) => mark.value), ...(line.range ? [line.range.lower, line.range.upper] : [])];
  const [lower, upper] = ends(values, SMALLEST);
  const place = scale(lower, upper, EDGE, width - EDGE);
  const end = 8 + line.marks.length * ROW;
  return svg`<svg class="picture" role="img" viewBox="0 0 ${width} ${end + 26}" width=${width} height=${end + 26}>
    <title>${line.name} on a line</title>
    <desc>${describe(line)}</desc>
    ${line.range ? band(place(line.range.lower), place(line.range.upper), end) : ""}
    ${ticks(lower, upper, Math.max(3, width / 120)).map((value) => tick(value, place(value), end))}
    <line class="axis" x1=${EDGE} x2=${width - EDGE} y1=${end} y2=${end}></line>
    ${line.marks.map((mark, row) => drawn(mark, place(mark.value), 8 + (row + 0.5) * ROW, end, width))}
  </svg>` as TemplateResult;
}

function describe({ range, marks }: Line): string {
  const between = range ? [`interval from ${range.lower} to ${range.upper}`] : [];
  return [...marks.map((mark) => `${mark.label}: ${mark.value}`), ...between].join("; ");
}

function band(from: number, to: number, end: number): TemplateResult {
  return svg`<rect class="band" x=${from} y="4" width=${Math.max(2, to - from)} height=${end - 4}></rect>` as TemplateResult;
}

function tick(value: number, x: number, end: number): TemplateResult {
  return svg`<line class="axis" x1=${x} x2=${x} y1=${end} y2=${end + 5}></line>
    <text class="axis" x=${x} y=${end + 20} text-anchor="middle">${value}</text>` as TemplateResult;
}

function drawn(mark: Mark, x: number, y: number, end: number, width: number): TemplateResult {
  const atRight = x > width / 2;
  return svg`<g class="mark mark--${mark.kind}">
    <line x1=${x} x2=${x} y1=${y} y2=${end}></line>
    <path d=${outline(mark.kind, x, y)}></path>
    <text x=${atRight ? x - 12 : x + 12} y=${y + 4} text-anchor=${atRight ? "end" : "start"}>${mark.label}</text>
  </g>` as TemplateResult;
}

/** A dot, a diamond or a square: the shape says what it is, without colour. */
function outline(kind: Mark["kind"], x: number, y: number): string {
  if (kind === "answer") return `M${x - 6} ${y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z`;
  if (kind === "exact") return `M${x} ${y - 7}l7 7l-7 7l-7 -7Z`;
  return `M${x - 5} ${y - 5}h10v10h-10Z`;
}
