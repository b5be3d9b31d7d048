/** The caller's channel: by it the page is told that a job has changed, instead of asking. */
import { get } from "./api";
import type { Channel } from "./types";

/** An event as the service sends it; the record of the job is the truth. */
export interface JobEvent {
  id: string;
  type: string;
  data: { jobId: string; algorithm: string; status: string; iteration?: number };
}

export interface Listener {
  told(event: JobEvent): void;
  /** The channel has come up, with nothing of what was told before, or has gone. */
  changed(): void;
}

type State = "unused" | "connecting" | "up" | "down";

const RENEWED_BEFORE = 5 * 60_000;
const RETRY = 30_000;
const LONGEST_RETRY = 10 * 60_000;
/** After which jobs are asked for until the channel is there. */
const PATIENCE = 5_000;
const MOST_IDS = 5_000;

const listeners = new Set<Listener>();
const heard = new Set<string>();
let state: State = "unused";
let fresh: Promise<Channel | null> | null = null;
let pause = RETRY;
let renewal: ReturnType<typeof setTimeout> | undefined;

export function channelState(): State {
  return state;
}

/** Asks for the channel's address: from then on the service tells, so the first submission is told already. */
export function prepareChannel(): void {
  fresh = renew();
}

/** Listens until the function that is returned is called. Connects when the first one listens. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  if (state === "unused") {
    change("connecting");
    void connect();
  }
  return () => listeners.delete(listener);
}

async function connect(): Promise<void> {
  const late = setTimeout(() => state === "connecting" && change("down"), PATIENCE);
  try {
    const { WebPubSubClient } = await import("@azure/web-pubsub-client");
    const client = new WebPubSubClient(
      { getClientAccessUrl: address },
      { reconnectRetryOptions: { mode: "Exponential", retryDelayInMs: 1000, maxRetryDelayInMs: RETRY } },
    );
    client.on("connected", () => {
      pause = RETRY;
      change("up");
    });
    client.on("disconnected", () => change("down"));
    client.on("stopped", () => retry());
    client.on("server-message", ({ message }) => receive(message.data as unknown as JobEvent));
    await client.start();
  } catch {
    retry();
  } finally {
    clearTimeout(late);
  }
}

/** Without a channel jobs are asked for; it may come back. */
function retry(): void {
  change("down");
  setTimeout(() => void connect(), pause);
  pause = Math.min(2 * pause, LONGEST_RETRY);
}

async function address(): Promise<string> {
  const known = await fresh;
  fresh = null;
  if (known && Date.parse(known.expiresAt) - Date.now() > 60_000) return known.url;
  const channel = await get<Channel>("channel", { attempts: 1 });
  renewLater(channel);
  return channel.url;
}

/** To ask again before the address expires is all it takes to be told for another hour. */
async function renew(): Promise<Channel | null> {
  try {
    const channel = await get<Channel>("channel", { attempts: 1 });
    renewLater(channel);
    return channel;
  } catch {
    clearTimeout(renewal);
    // One that connects asks for itself.
    if (state === "unused" || state === "up") renewal = setTimeout(prepareChannel, RETRY);
    return null;
  }
}

function renewLater(channel: Channel): void {
  clearTimeout(renewal);
  const rest = Date.parse(channel.expiresAt) - Date.now() - RENEWED_BEFORE;
  renewal = setTimeout(prepareChannel, Math.max(rest, RETRY));
}

function receive(event: JobEvent): void {
  if (!event?.data?.jobId || heard.has(event.id)) return;
  heard.add(event.id);
  if (heard.size > MOST_IDS) heard.delete(heard.values().next().value as string);
  for (const listener of [...listeners]) listener.told(event);
}

function change(next: State): void {
  if (next === state && next !== "up") return;
  state = next;
  for (const listener of [...listeners]) listener.changed();
}
