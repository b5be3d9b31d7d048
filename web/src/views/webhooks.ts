import { html } from "lit-html";
import type { View } from "../screen";

export function open(): View {
  return { title: "webhooks", body: () => html`<h1>webhooks</h1>` };
}
