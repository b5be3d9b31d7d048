import { html } from "lit-html";
import type { View } from "../screen";

export function open(): View {
  return { title: "compare", body: () => html`<h1>compare</h1>` };
}
