/** A registered webhook on the page: what is known of it, and what can be done with it. */
import { call, get } from "../api";
import { redraw } from "../screen";
import type { Delivery, Webhook } from "../types";
import { pingResult } from "./words";

interface Page {
  value: Delivery[];
  continuationToken: string | null;
}

const TOP = "25";
/** Milliseconds between looks at what has just been sent; a receiver has 15 seconds. */
const PAUSES = [300, 700, 1000, 2000, 4000, 8000];

export class Registered {
  /** Shown until it is put away: no later response has it. */
  secret = "";
  message = "";
  failure = "";
  busy = false;
  /** Null until they are asked for. */
  deliveries: Delivery[] | null = null;
  next: string | null = null;
  /** Of which status deliveries are shown; empty for all. */
  status = "";

  constructor(public webhook: Webhook) {
    this.update(webhook);
  }

  update(webhook: Webhook): void {
    this.webhook = webhook;
    if (webhook.secret) this.secret = webhook.secret;
  }

  ping(): Promise<void> {
    return this.does(async () => {
      const { body } = await call<Delivery>("POST", `${this.path}/ping`);
      await this.watchPing((one) => one.id === body.id);
    });
  }

  /** Follows the ping that a registration sends. */
  firstPing(): Promise<void> {
    return this.does(() => this.watchPing((one) => !one.jobId));
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
    return this.tries(() => this.refresh());
  }

  more(): Promise<void> {
    return this.tries(async () => {
      const page = await this.page({ status: this.status, continuationToken: this.next ?? "" });
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

  private async watchPing(wanted: (delivery: Delivery) => boolean): Promise<void> {
    this.message = "A ping is on its way …";
    for (const pause of PAUSES) {
      redraw();
      await sleep(pause);
      const result = pingResult((await this.page({})).value.find(wanted));
      if (!result) continue;
      this.message = result;
      this.update(await get<Webhook>(this.path));
      if (this.deliveries) await this.refresh();
      return;
    }
    this.message = "The ping has not been attempted yet. Look at the deliveries in a minute.";
  }

  private async watchPending(): Promise<void> {
    await this.refresh();
    for (const pause of PAUSES) {
      if (!this.deliveries?.some((one) => one.status === "Pending")) return;
      redraw();
      await sleep(pause);
      await this.refresh();
    }
  }

  private async refresh(): Promise<void> {
    const page = await this.page({ status: this.status });
    this.deliveries = page.value;
    this.next = page.continuationToken;
  }

  private page(query: Record<string, string>): Promise<Page> {
    return get<Page>(`${this.path}/deliveries`, { query: { ...query, top: TOP } });
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
