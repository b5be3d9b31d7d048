/** The dialog that asks which other job a job is compared with. */
import { html, nothing, type TemplateResult } from "lit-html";
import { get } from "../api";
import { everything } from "../history";
import { when } from "../results/format";
import { redraw } from "../screen";
import type { Job } from "../types";
import { jobName, statusBadge } from "./status";

const MOST = 20;

export class Choice {
  #others: Job[] | null = null;

  constructor(private readonly job: () => Job | null) {}

  async ask(): Promise<void> {
    const job = this.job();
    if (!job) return;
    document.querySelector<HTMLDialogElement>("#choice")?.showModal();
    const found = await succeeded(job).catch(() => kept(job));
    this.#others = found.filter((other) => other.id !== job.id).slice(0, MOST);
    redraw();
  }

  template(): TemplateResult {
    return html`<dialog id="choice" aria-labelledby="choice-title">
      <form method="dialog">
        <h2 id="choice-title">Compare with</h2>
        ${this.#content()}
        <button class="cds--btn cds--btn--secondary" type="submit">Close</button>
      </form>
    </dialog>`;
  }

  #content(): TemplateResult | typeof nothing {
    if (!this.#others) return html`<p class="waiting">Loading …</p>`;
    if (!this.#others.length) return html`<p>There is no other job of this algorithm that has a result.</p>`;
    const first = this.job()?.id ?? "";
    return html`<ul class="choices">
      ${this.#others.map(
        (other) =>
          html`<li>
            <a href="#/compare/${first}/${other.id}">${jobName(other)}</a>
            ${statusBadge(other.status)}
            <span class="quiet">${other.target.id ?? other.target.mode ?? ""}, ${when(other.createdAt)}</span>
          </li>`,
      )}
    </ul>`;
  }
}

async function succeeded(job: Job): Promise<Job[]> {
  const query = { algorithm: job.algorithm, status: "Succeeded", top: String(MOST + 1) };
  return (await get<{ value: Job[] }>("jobs", { query })).value;
}

async function kept(job: Job): Promise<Job[]> {
  const all = await everything();
  return all.map((one) => one.job).filter((one) => one.algorithm === job.algorithm && one.status === "Succeeded");
}
