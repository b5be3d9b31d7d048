/** A picture as a file of its own, which shows the same without the page. */

/** Colours of the light theme: a file is looked at on white. */
const STYLE = `
  svg { background: #fff; font: 12px "IBM Plex Sans", system-ui, sans-serif; }
  text { fill: #161616; } text.axis { fill: #525252; } text.reading { font-family: "IBM Plex Mono", monospace; }
  .bar--0 { fill: #0f62fe; } .bar--1 { fill: #fff; stroke: #8a3ffc; stroke-width: 2px; }
  .whisker { stroke: #161616; fill: none; } .grid { stroke: #e0e0e0; } line.axis { stroke: #8d8d8d; }
  .curve { stroke: #0f62fe; fill: none; stroke-width: 2px; } .dot { fill: #0f62fe; }
`;

/** The text of a file, from a picture of the page. */
export function standalone(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = STYLE;
  copy.prepend(style);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  // What the template engine leaves behind to find its places again.
  const marks = document.createNodeIterator(copy, NodeFilter.SHOW_COMMENT);
  for (let mark = marks.nextNode(); mark; mark = marks.nextNode()) (mark as Comment).remove();
  return new XMLSerializer().serializeToString(copy);
}

/** What a drawing of an algorithm is called by itself, for those who do not see it. */
export function titleOf(drawing: string): string | null {
  const found = /<title[^>]*>([^<]*)<\/title>/.exec(drawing)?.[1];
  const description = /<desc[^>]*>([^<]*)<\/desc>/.exec(drawing)?.[1];
  const named = /<svg[^>]*\saria-label="([^"]*)"/.exec(drawing)?.[1];
  const text = [found ?? named, description].filter(Boolean).join(". ");
  return text ? unescaped(text) : null;
}

function unescaped(text: string): string {
  const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return named[name as string] ?? (all as string);
  });
}
