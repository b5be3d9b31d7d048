/** The caller's jobs: page by page from the service, kept up by the channel, and from this browser without it. */
import { get } from "../api";
import { channelState, listen, type JobEvent } from "../channel";
import { everything, remember } from "../history";
import { UnreachableError } from "../problem";
import type { Job } from "../types";
import { type Filter, passes } from "./filter";
import { troubleOf } from "./trouble";

interface Page {
  value: Job[];
  continuationToken: string | null;
}

const PAGE_SIZE = 20;
/** Pages of the service may be short where a filter leaves jobs out: so many make one of the list. */
const MOST_PAGES = 5;
/** Without a channel the list is asked for anew so often. */
const PERIOD = 30_000;
/** Changes of so long are looked at together; of more jobs than that the first page is asked for. */
const GATHERED = 300;
const MOST_SINGLE = 5;

export class Listing {
  jobs: Job[] = [];
  /** When the newest of it was seen, of a list from this browser; null of one from the service. */
  asOf: string | null = null;
  loading = true;
  trouble = "";
  #token: string | null = null;
  #changed = new Set<string>();
  #asked = 0;
  readonly #deaf: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #online = (): void => void this.load();

  constructor(
    public filter: Filter,
    private readonly drawn: () => void,
  ) {
    this.#deaf = listen({ told: (event) => this.#told(event), changed: () => channelState() === "up" && void this.load() });
    this.#timer = setInterval(() => (channelState() !== "up" || this.trouble) && void this.load(), PERIOD);
    addEventListener("online", this.#online);
    void this.load();
  }

  get hasMore(): boolean {
    return this.#token !== null;
  }

  close(): void {
    this.#asked += 1;
    this.#deaf();
    clearInterval(this.#timer);
    removeEventListener("online", this.#online);
  }

  /** Asks for the first page; of later pages stays what is there. */
  async load(): Promise<void> {
    const order = ++this.#asked;
    try {
      const page = await this.#page(null);
      if (order !== this.#asked) return;
      const last = page.value.at(-1)?.createdAt ?? "";
      const later = this.asOf === null && page.continuationToken ? this.jobs.filter((job) => job.createdAt < last) : [];
      if (!later.length) this.#token = page.continuationToken;
      this.#settle([...page.value, ...later], null, "");
    } catch (error) {
      await this.#fail(error, order);
    }
  }

  async more(): Promise<void> {
    const order = this.#asked;
    this.loading = true;
    this.drawn();
    try {
      const page = await this.#page(this.#token);
      if (order !== this.#asked) return;
      this.#token = page.continuationToken;
      this.#settle([...this.jobs, ...page.value], null, "");
    } catch (error) {
      this.#settle(this.jobs, this.asOf, troubleOf(error));
    }
  }

  async #page(token: string | null): Promise<Page> {
    const found: Page = { value: [], continuationToken: token };
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const query = { ...this.filter, top: String(PAGE_SIZE), continuationToken: found.continuationToken ?? "" };
      const page = await get<Page>("jobs", { query });
      found.value.push(...page.value);
      found.continuationToken = page.continuationToken;
      if (!found.continuationToken || found.value.length >= PAGE_SIZE) break;
    }
    return found;
  }

  #settle(jobs: Job[], asOf: string | null, trouble: string): void {
    const unique = new Map(jobs.map((job) => [job.id, job]));
    this.jobs = [...unique.values()].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
    this.asOf = asOf;
    this.trouble = trouble;
    this.loading = false;
    this.drawn();
    if (asOf === null) for (const job of jobs) void remember({ job });
  }

  async #fail(error: unknown, order: number): Promise<void> {
    const kept = error instanceof UnreachableError ? await everything() : [];
    if (order !== this.#asked) return;
    const shown = kept.filter(({ job }) => passes(job, this.filter));
    this.#token = null;
    this.#settle(
      shown.map(({ job }) => job),
      kept.map(({ seenAt }) => seenAt).sort().at(-1) ?? null,
      troubleOf(error),
    );
  }

  #told({ data }: JobEvent): void {
    if (!this.#changed.size) setTimeout(() => void this.#look(), GATHERED);
    this.#changed.add(data.jobId);
  }

  async #look(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    if (ids.length > MOST_SINGLE) return this.load();
    const order = this.#asked;
    const found = await Promise.all(ids.map((id) => get<Job>(`jobs/${encodeURIComponent(id)}`).catch(() => null)));
    if (order !== this.#asked) return;
    const seen = found.filter((job) => job !== null);
    const others = this.jobs.filter((job) => !seen.some(({ id }) => id === job.id));
    this.#settle([...seen.filter((job) => passes(job, this.filter)), ...others], this.asOf, this.trouble);
  }
}
