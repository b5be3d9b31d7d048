import { html } from "lit-html";
import type { View } from "../screen";

export function open(): View {
  return { title: "jobs", body: () => html`<h1>jobs</h1>` };
}
