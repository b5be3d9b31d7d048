/** A form on its way to a job: what is filled in, what is wrong with it, and what became of it. */
import { get, list } from "../api";
import { copy } from "../clipboard";
import { mayCost, questionOf } from "../estimate/confirmation";
import { type Estimated, Estimator, refusalOf } from "../estimate/estimator";
import { focusOn, type FormContext } from "../form/context";
import { place } from "../form/pointer";
import { ProblemError } from "../problem";
import { redraw } from "../screen";
import type { Algorithm, Job, Submission, Target, Violation } from "../types";
import { type Draft, flushDrafts, keepDraft, keepDraftLater } from "./drafts";
import { linkTo, type Members } from "./link";
import { adviceOn, keyOf, send, troubleOf } from "./sending";
import { complaintsOfSheet, isJson, pointersOfSheet, type Sheet, sheetOf, submissionOfSheet, toggleJson } from "./sheet";
import { startOf } from "./start";

export type Popup = { kind: "question"; text: string; isAgreed: boolean; decide(yes: boolean): void } | { kind: "submitted"; job: Job };

export class SubmitPage implements FormContext {
  algorithm: Algorithm | null = null;
  targets: Target[] = [];
  sheet: Sheet | null = null;
  /** What the form holds. */
  submission: Submission | null = null;
  /** The same as JSON. */
  body = "";
  errors = new Map<string, string>();
  /** Why nothing is shown, or was not submitted. */
  failure = "";
  notice = "";
  /** The form before it was filled from elsewhere. */
  before: Members | null = null;
  /** A link that the browser does not put into the clipboard. */
  link = "";
  isSending = false;
  popup: Popup | null = null;
  readonly estimator: Estimator;
  #draft: Draft = { submission: {} };

  constructor(readonly id: string) {
    this.estimator = new Estimator(id, (estimated) => this.#estimated(estimated));
  }

  async load(query: URLSearchParams): Promise<void> {
    try {
      const path = `algorithms/${encodeURIComponent(this.id)}`;
      [this.algorithm, this.targets] = await Promise.all([get<Algorithm>(path), list<Target>("targets").catch(() => [])]);
      const start = await startOf(this.id, query);
      this.#draft = start.draft;
      this.fill(start.draft.submission);
      if (start.draft.text !== undefined) this.toggleJson(start.draft.text);
      this.notice = start.notice;
      this.failure = start.failure;
      this.before = start.before;
      redraw();
    } catch (error) {
      this.failure = troubleOf(error);
      redraw();
    }
  }

  /** Ends what is running, and keeps what is filled in. */
  close(): void {
    this.estimator.stop();
    flushDrafts();
  }

  /** Fills the form with a submission. */
  fill(submission: Members): void {
    if (!this.algorithm) return;
    this.sheet = sheetOf(this.algorithm, submission);
    this.errors.clear();
    this.changed("");
  }

  /** Fills the form with a submission, which can be taken back. */
  fillAnew(submission: Members, notice: string): void {
    this.before = this.submission as Members | null;
    this.fill(submission);
    this.notice = notice;
  }

  undo(): void {
    if (this.before) this.fill(this.before);
    this.before = null;
    this.notice = "The form is as it was.";
    redraw();
  }

  changed(pointer: string): void {
    if (!this.sheet) return;
    for (const other of [...this.errors.keys()]) {
      if (other === pointer || other.startsWith(`${pointer}/`) || pointer.startsWith(`${other}/`)) this.errors.delete(other);
    }
    this.failure = "";
    this.notice = "";
    this.link = "";
    const submission = submissionOfSheet(this.sheet);
    this.submission = submission;
    this.body = JSON.stringify(submission);
    const { text: _, ...draft } = this.#draft;
    this.#draft = { ...draft, submission: submission as Members };
    if (isJson(this.sheet)) this.#draft.text = this.sheet.input.text;
    keepDraftLater(this.id, this.#draft);
    if (complaintsOfSheet(this.sheet).length === 0) this.estimator.later(submission);
    else this.estimator.stop();
    redraw();
  }

  choose(where: string): void {
    if (!this.sheet) return;
    this.sheet.where = where;
    this.changed("/target");
  }

  /** Turns the input into JSON text, or back. */
  toggleJson(text?: string): void {
    if (!this.sheet || !this.algorithm) return;
    toggleJson(this.sheet, this.algorithm);
    if (text !== undefined) this.sheet.input.text = text;
    this.changed("/input");
  }

  async estimate(form: HTMLFormElement): Promise<void> {
    if (!this.sheet || !this.check(form)) return;
    const asked = this.estimator.now(submissionOfSheet(this.sheet), true);
    redraw();
    await asked;
  }

  /** Whether everything is filled in rightly. Otherwise the first that is wrong has the focus. */
  check(form: HTMLFormElement): boolean {
    if (!this.sheet) return false;
    // What a browser cannot read as a number it does not hand out as text either.
    const unread = [...form.elements].find((one) => (one as HTMLInputElement).validity?.badInput);
    const complaints = complaintsOfSheet(this.sheet);
    if (unread) complaints.unshift({ pointer: unread.id.replace(/^field/, ""), detail: "This is no number." });
    this.#show(complaints, complaints.length > 0 ? "Something has to be put right before this can run." : "");
    return complaints.length === 0;
  }

  async submit(form: HTMLFormElement): Promise<void> {
    if (this.isSending || !this.sheet || !this.check(form)) return;
    const submission = submissionOfSheet(this.sheet);
    this.isSending = true;
    this.notice = "Submitting …";
    redraw();
    try {
      if (await this.#mayGo(submission)) await this.#send(submission);
      else this.notice = "Not submitted.";
    } catch (error) {
      this.notice = "";
      this.#fail(error);
    }
    this.isSending = false;
    redraw();
  }

  async copyLink(): Promise<void> {
    const { submission } = this;
    if (!submission) return;
    const link = linkTo(location.origin + location.pathname, this.id, submission);
    const copied = await copy(link);
    this.link = copied ? "" : link;
    this.notice = copied ? "Link copied. It fills this form for whoever opens it." : "Copy the link from the field:";
    redraw();
  }

  closePopup(): void {
    if (this.popup?.kind === "question") this.popup.decide(this.popup.isAgreed);
    this.popup = null;
    redraw();
  }

  async #mayGo(submission: Submission): Promise<boolean> {
    let estimated = this.estimator.of(submission);
    const isKnown = estimated?.estimate || refusalOf(estimated);
    if (!isKnown && mayCost(submission, this.targets)) estimated = await this.estimator.now(submission, true);
    const refusal = refusalOf(estimated);
    if (refusal) throw refusal;
    const text = questionOf(estimated?.estimate ?? null, submission, this.targets);
    if (text === null) return true;
    return new Promise((resolve) => {
      this.popup = { kind: "question", text, isAgreed: false, decide: resolve };
      redraw();
    });
  }

  async #send(submission: Submission): Promise<void> {
    const key = keyOf(this.#draft, submission);
    flushDrafts();
    keepDraft(this.id, this.#draft);
    const job = await send(this.id, submission, key);
    // The same form, submitted once more, is another job.
    delete this.#draft.key;
    keepDraft(this.id, this.#draft);
    this.notice = "";
    this.popup = { kind: "submitted", job };
  }

  #estimated(estimated: Estimated): void {
    const refusal = refusalOf(estimated);
    if (refusal && this.sheet && estimated.body === this.body) {
      this.errors = place(refusal.violations, pointersOfSheet(this.sheet));
    }
    redraw();
  }

  #fail(error: unknown): void {
    this.#show(error instanceof ProblemError ? error.violations : [], adviceOn(error));
  }

  #show(violations: Violation[], failure: string): void {
    if (!this.sheet) return;
    const known = pointersOfSheet(this.sheet);
    this.errors = place(violations, known);
    this.failure = failure;
    redraw();
    const first = [...known].find((pointer) => pointer !== "" && this.errors.has(pointer));
    if (first) focusOn(first);
    else if (failure) focusOn("");
  }
}
