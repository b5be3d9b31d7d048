/** What the controls of a form share. */
import { html, nothing, type TemplateResult } from "lit-html";
import { idOf } from "./pointer";

export interface FormContext {
  /** What is wrong, by the pointer of the field that shows it. */
  errors: ReadonlyMap<string, string>;
  /** Takes note of a change in the field of a pointer. */
  changed(pointer: string): void;
}

/** What is wrong with a field, below its control. */
export function errorText(pointer: string, form: FormContext): TemplateResult | typeof nothing {
  const error = form.errors.get(pointer);
  return error ? html`<p class="wrong" id="${idOf(pointer)}-error">${error}</p>` : nothing;
}

/** The ids of the texts that belong to a control, for aria-describedby. */
export function descriptions(pointer: string, form: FormContext, hasHelp: boolean): string | typeof nothing {
  const ids = [hasHelp && "help", form.errors.has(pointer) && "error"].filter(Boolean);
  return ids.map((kind) => `${idOf(pointer)}-${kind}`).join(" ") || nothing;
}

/** Moves the focus to the control of a pointer, once it is drawn. */
export function focusOn(pointer: string): void {
  queueMicrotask(() => {
    const element = document.getElementById(idOf(pointer));
    const closed = element?.closest<HTMLDetailsElement>("details:not([open])");
    if (closed) closed.open = true;
    element?.focus();
  });
}
