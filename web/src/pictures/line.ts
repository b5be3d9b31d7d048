/** Values over steps, with their uncertainty: how a search or an estimate converges. */
import { svg, type TemplateResult } from "lit-html";
import { ends, scale, ticks } from "./scale";

export interface Point {
  step: number;
  value: number;
  uncertainty: number | null;
}

const HEIGHT = 220;
const LEFT = 64;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 40;
/** Less of a change than this share of the value is rounding, and not drawn as a search. */
const SMALLEST = 1e-4;

/** A line through all points, on an axis that reaches to the last step planned. */
export function line(title: string, points: Point[], steps: number | null, width: number): TemplateResult {
  const reached = points.flatMap(({ value, uncertainty }) => [value - (uncertainty ?? 0), value + (uncertainty ?? 0)]);
  const [lower, upper] = ends(reached, SMALLEST);
  const last = Math.max(steps ?? 0, ...points.map((point) => point.step), 2);
  const across = scale(1, last, LEFT, width - RIGHT);
  const up = scale(lower, upper, HEIGHT - BOTTOM, TOP);
  const path = points.map((point) => `${across(point.step)} ${up(point.value)}`).join("L");
  const newest = points.at(-1);
  return svg`<svg class="picture" role="img" viewBox="0 0 ${width} ${HEIGHT}" width=${width} height=${HEIGHT}>
    <title>${title}</title>
    <desc>${newest ? `${points.length} steps, the last with ${newest.value}` : "No value yet"}</desc>
    ${ticks(lower, upper, 4).map(
      (value) => svg`<line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${up(value)} y2=${up(value)}></line>
        <text class="axis" x=${LEFT - 8} y=${up(value) + 4} text-anchor="end">${value}</text>`,
    )}
    ${ticks(1, last, Math.min(last - 1, width / 90))
      .filter(Number.isInteger)
      .map(
        (step) =>
          svg`<text class="axis" x=${across(step)} y=${HEIGHT - BOTTOM + 18} text-anchor="middle">${step}</text>`,
      )}
    <text class="axis" x=${width - RIGHT} y=${HEIGHT - 4} text-anchor="end">step</text>
    <path class="curve" d="M${path}"></path>
    ${points.map((point) => dot(point, across(point.step), up))}
  </svg>` as TemplateResult;
}

function dot(point: Point, x: number, up: (value: number) => number): TemplateResult {
  const spread = point.uncertainty ?? 0;
  const [from, to] = [up(point.value - spread), up(point.value + spread)];
  return svg`<g><title>Step ${point.step}: ${point.value}</title>
    ${spread ? svg`<path class="whisker" d="M${x} ${from}V${to}M${x - 3} ${from}h6M${x - 3} ${to}h6"></path>` : ""}
    <circle class="dot" cx=${x} cy=${up(point.value)} r="3.5"></circle></g>` as TemplateResult;
}
