/** Pop-ups: the browser's own modal dialogs. */
import { html, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";

/** A pop-up that is open while it is drawn. Escape closes it too. */
export function modal(title: string, inside: TemplateResult, closed: () => void): TemplateResult {
  return html`<dialog aria-labelledby="modal-title" ${ref(show)} @close=${closed}>
    <h2 id="modal-title">${title}</h2>
    ${inside}
  </dialog>`;
}

/** For buttons in a pop-up. The browser then gives the focus back to where it was before. */
export function closeModal(event: Event): void {
  (event.target as HTMLElement).closest("dialog")?.close();
}

function show(dialog: Element | undefined): void {
  // Drawn before it is in the document.
  queueMicrotask(() => {
    if (dialog instanceof HTMLDialogElement && dialog.isConnected && !dialog.open) dialog.showModal();
  });
}
