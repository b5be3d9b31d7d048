/** A registered webhook on the page: what is known of it, and what can be done with it. */
import { call, get } from "../api";
import { redraw } from "../screen";
import type { Delivery, Webhook } from "../types";
import { ON_ITS_WAY } from "./words";

interface Page {
  value: Delivery[];
  continuationToken: string | null;
}

const TOP = 25;
/** The most that one request may ask for. */
const MOST = 100;
/** Milliseconds between looks at what has just been sent; a receiver has 15 seconds. */
const PAUSES = [300, 700, 1000, 2000, 4000, 8000];

export class Registered {
  /** Shown until it is put away: no later response has it. */
  secret = "";
  message = "";
  failure = "";
  busy = false;
  /** The ping that was sent last, as it is now. */
  ping: Delivery | null = null;
  /** Null until they are asked for. */
  deliveries: Delivery[] | null = null;
  next: string | null = null;
  /** Of which status deliveries are shown; empty for all. */
  status = "";
  #isLooking = false;

  constructor(public webhook: Webhook) {
    this.update(webhook);
  }

  update(webhook: Webhook): void {
    this.webhook = webhook;
    if (webhook.secret) this.secret = webhook.secret;
  }

  /** Whether something of what is shown is going to be sent. */
  get isPending(): boolean {
    return [this.ping, ...(this.deliveries ?? [])].some((one) => one?.status === "Pending");
  }

  sendPing(): Promise<void> {
    return this.does(async () => {
      this.message = ON_ITS_WAY;
      this.ping = (await call<Delivery>("POST", `${this.path}/ping`)).body;
      await this.watchPing();
    });
  }

  /** Follows the ping that a registration sends. */
  firstPing(): Promise<void> {
    return this.does(() => this.watchPing());
  }

  /** Forgets what was said of earlier actions, and looks how everything is now. */
  reopen(webhook: Webhook): void {
    this.update(webhook);
    if (this.busy) return;
    this.message = this.failure = "";
    // Of one that is not active its ping says why.
    if (this.ping || this.deliveries || webhook.status !== "Active") void this.renew();
  }

  /** Looks again in the background; trouble passes, and is not told. */
  async renew(): Promise<void> {
    if (this.busy || this.#isLooking) return;
    this.#isLooking = true;
    await this.look().catch(() => {});
    this.#isLooking = false;
    redraw();
  }

  rotate(): Promise<void> {
    return this.does(async () => {
      this.update((await call<Webhook>("POST", `${this.path}/rotate`)).body);
      this.message = "There is a new secret. For 24 hours messages are signed with the one before as well.";
    });
  }

  async remove(): Promise<boolean> {
    await this.does(async () => void (await call("DELETE", this.path)));
    return !this.failure;
  }

  /** The newest deliveries, of the status that is chosen. */
  load(): Promise<void> {
    return this.tries(() => this.look(true));
  }

  more(): Promise<void> {
    return this.tries(async () => {
      const page = await this.page({ status: this.status, continuationToken: this.next ?? "", top: String(TOP) });
      this.deliveries = [...(this.deliveries ?? []), ...page.value];
      this.next = page.continuationToken;
    });
  }

  replay(delivery: Delivery): Promise<void> {
    return this.does(async () => {
      await call("POST", `${this.path}/deliveries/${delivery.id}/replay`);
      this.message = "It is sent again, with the same webhook-id.";
      await this.watchPending();
    });
  }

  replayFailed(since: Date): Promise<void> {
    return this.does(async () => {
      const body = { since: since.toISOString() };
      let sum = 0;
      for (let more = true; more; redraw()) {
        const wave = (await call<{ replayed: number; more: boolean }>("POST", `${this.path}/replay`, { body })).body;
        sum += wave.replayed;
        more = wave.more && wave.replayed > 0;
        this.message = `${sum === 1 ? "1 event is" : `${sum} events are`} sent again.`;
      }
      if (!sum) this.message = "No event has failed since then, so there is nothing to send again.";
      await this.watchPending();
    });
  }

  private get path(): string {
    return `webhooks/${this.webhook.id}`;
  }

  /** The next looks are those of the view. */
  private async watchPing(): Promise<void> {
    this.message = ON_ITS_WAY;
    for (const pause of PAUSES) {
      redraw();
      await sleep(pause);
      await this.look();
      if (this.ping?.attempts.length) break;
    }
    this.message = "";
  }

  private async watchPending(): Promise<void> {
    await this.look(true);
    for (const pause of PAUSES) {
      if (!this.isPending) return;
      redraw();
      await sleep(pause);
      await this.look();
    }
  }

  /** What was sent to the webhook, and then its state, which follows from it. */
  private async look(withDeliveries = this.deliveries !== null): Promise<void> {
    const top = String(Math.min(MOST, Math.max(TOP, this.deliveries?.length ?? 0)));
    const { status } = this;
    const newest = this.page({ top });
    const shown = withDeliveries ? (status ? this.page({ status, top }) : newest) : null;
    const [sent, page] = await Promise.all([newest, shown]);
    this.update(await get<Webhook>(this.path));
    this.ping = sent.value.find(({ id, jobId }) => (this.ping ? id === this.ping.id : !jobId)) ?? this.ping;
    // The choice may have changed in the meantime.
    if (!page || status !== this.status) return;
    this.deliveries = page.value;
    this.next = page.continuationToken;
  }

  private page(query: Record<string, string>): Promise<Page> {
    return get<Page>(`${this.path}/deliveries`, { query });
  }

  /** One thing at a time is done to a webhook; looking at its deliveries is not one of them. */
  private async does(action: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.message = "";
    await this.tries(action);
    this.busy = false;
    redraw();
  }

  private async tries(action: () => Promise<void>): Promise<void> {
    this.failure = "";
    redraw();
    try {
      await action();
    } catch (error) {
      this.message = "";
      this.failure = error instanceof Error ? error.message : String(error);
    }
    redraw();
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
