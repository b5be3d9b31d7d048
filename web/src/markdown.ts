/** The part of Markdown that descriptions use: paragraphs, headings, lists, code, emphasis, links. No HTML. */
import { html, type TemplateResult } from "lit-html";

type Piece = TemplateResult | string;

const FENCE = /^```/;
const HEADING = /^#{1,6}\s+/;
const BULLET = /^\s*[-*]\s+/;
const NUMBERED = /^\s*\d+[.)]\s+/;
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

/** Blocks of a text. */
export function markdown(text: string): TemplateResult[] {
  const lines = text.split(/\r?\n/);
  const blocks: TemplateResult[] = [];
  while (lines.length > 0) {
    const line = lines[0] ?? "";
    if (line.trim() === "") lines.shift();
    else if (FENCE.test(line)) blocks.push(code(lines));
    else if (HEADING.test(line)) blocks.push(html`<h3>${inline((lines.shift() ?? "").replace(HEADING, ""))}</h3>`);
    else if (BULLET.test(line)) blocks.push(html`<ul class="prose-list">${items(lines, BULLET)}</ul>`);
    else if (NUMBERED.test(line)) blocks.push(html`<ol class="prose-list">${items(lines, NUMBERED)}</ol>`);
    else blocks.push(html`<p>${inline(paragraph(lines))}</p>`);
  }
  return blocks;
}

/** Code, emphasis and links within a line. */
export function inline(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    pieces.push(text.slice(end, match.index));
    const [whole, code, strong, label, address] = match;
    if (code !== undefined) pieces.push(html`<code>${code}</code>`);
    else if (strong !== undefined) pieces.push(html`<strong>${strong}</strong>`);
    else pieces.push(html`<a href=${address ?? ""} rel="noreferrer">${label}</a>`);
    end = match.index + whole.length;
  }
  pieces.push(text.slice(end));
  return pieces.filter((piece) => piece !== "");
}

function code(lines: string[]): TemplateResult {
  lines.shift();
  const end = lines.findIndex((line) => FENCE.test(line));
  const inside = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return html`<pre class="scroll" tabindex="0"><code>${inside.join("\n")}</code></pre>`;
}

function items(lines: string[], mark: RegExp): TemplateResult[] {
  const found: string[] = [];
  while (lines.length > 0) {
    const line = lines[0] ?? "";
    const continued = found.length > 0 && /^\s+\S/.test(line) && !mark.test(line);
    if (!continued && !mark.test(line)) break;
    lines.shift();
    if (continued) found.push(`${found.pop()} ${line.trim()}`);
    else found.push(line.replace(mark, ""));
  }
  return found.map((item) => html`<li>${inline(item)}</li>`);
}

function paragraph(lines: string[]): string {
  const found: string[] = [];
  while (lines.length > 0) {
    const line = lines[0] ?? "";
    const ends = line.trim() === "" || [FENCE, HEADING, BULLET, NUMBERED].some((mark) => mark.test(line));
    if (ends && found.length > 0) break;
    found.push((lines.shift() ?? "").trim());
  }
  return found.join(" ");
}
