/** The pop-ups of a submission: the question before it, where it costs something, and the confirmation after it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { configuration } from "../configuration";
import { closeModal, modal } from "../modal";
import type { SubmitPage } from "./page";

export function popup(page: SubmitPage): TemplateResult | typeof nothing {
  const shown = page.popup;
  if (!shown) return nothing;
  const closed = (): void => page.closePopup();
  if (shown.kind === "submitted") {
    const { id, name } = shown.job;
    return modal(
      "Job submitted",
      html`<p>${name ? html`“${name}” is on its way.` : "It is on its way."} Its id is</p>
        <p><code class="job-id">${id}</code></p>
        <p>Its page follows it without a reload.</p>
        <div class="row">
          <a class="cds--btn cds--btn--primary" href="#/jobs/${id}" autofocus>Go to the job</a>
          <button class="cds--btn cds--btn--tertiary" type="button" @click=${closeModal}>Stay here</button>
        </div>`,
      closed,
    );
  }
  const agree = (event: Event): void => {
    shown.isAgreed = true;
    closeModal(event);
  };
  return modal(
    "Submit this job?",
    html`<p>${shown.text}</p>
      ${configuration()?.emulated ? html`<p>On this laptop the device is emulated, and nothing is billed.</p>` : nothing}
      <div class="row">
        <button class="cds--btn cds--btn--primary" type="button" @click=${agree}>Yes, submit it</button>
        <button class="cds--btn cds--btn--tertiary" type="button" autofocus @click=${closeModal}>Not now</button>
      </div>`,
    closed,
  );
}
