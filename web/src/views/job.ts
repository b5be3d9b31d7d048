import { html } from "lit-html";
import type { View } from "../screen";

export function open(): View {
  return { title: "job", body: () => html`<h1>job</h1>` };
}
