import { html } from "lit-html";
import type { View } from "../screen";

export function open(): View {
  return { title: "catalogue", body: () => html`<h1>catalogue</h1>` };
}
