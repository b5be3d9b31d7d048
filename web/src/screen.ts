/** What is on the screen: a view, drawn anew when something in it has changed. */
import type { TemplateResult } from "lit-html";

/** A part of the page with an address of its own. */
export interface View {
  /** In the browser's tab, and announced to screen readers. */
  title: string;
  body(): TemplateResult;
  /** Ends what the view has running. */
  close?(): void;
}

let draw: () => void = () => {};
let scheduled = false;

export function drawBy(drawing: () => void): void {
  draw = drawing;
}

/** Draws once, however many changes there were since the last frame. */
export function redraw(): void {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    draw();
  });
}
