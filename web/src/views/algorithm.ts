import { html } from "lit-html";
import type { View } from "../screen";

export function open(): View {
  return { title: "algorithm", body: () => html`<h1>algorithm</h1>` };
}
