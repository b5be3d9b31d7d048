/** Requests to the API, with the token of the account that is signed in. */
import { token } from "./account";
import type { Configuration } from "./configuration";
import { ProblemError, UnreachableError } from "./problem";
import type { Problem } from "./types";

const ATTEMPTS = 4;
const PASSES = new Set([429, 502, 503, 504]);
const LONGEST_PAUSE = 30;

export interface Options {
  body?: unknown;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** How often it is tried at most; several times without it. */
  attempts?: number;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

let base = "";
/** Headers of every request. */
let common: Record<string, string> = {};

export function useApi({ api, subscriptionKey }: Configuration): void {
  base = api;
  common = subscriptionKey ? { "ocp-apim-subscription-key": subscriptionKey } : {};
}

export function apiAddress(): string {
  return base;
}

/**
 * Sends a request; repeats one that changes nothing, or has an idempotency key, while the trouble passes.
 *
 * @throws ProblemError the response is an error; UnreachableError there is none.
 */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const repeatable = method !== "POST" || "idempotency-key" in (options.headers ?? {});
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= (options.attempts ?? ATTEMPTS) || !repeatable || !navigator.onLine;
    let response: Response;
    try {
      response = await send(method, path, options);
    } catch (error) {
      if (options.signal?.aborted || last) throw error;
      await pause(attempt, options.signal);
      continue;
    }
    if (response.ok) return { status: response.status, headers: response.headers, body: await read<T>(response) };
    if (last || !PASSES.has(response.status)) throw new ProblemError(response.status, await problem(response));
    await pause(Number(response.headers.get("retry-after")) || attempt, options.signal);
  }
}

export async function get<T>(path: string, options: Options = {}): Promise<T> {
  return (await call<T>("GET", path, options)).body;
}

/** The items of all pages of a list, at most `most`. */
export async function list<T>(path: string, options: Options = {}, most = 1000): Promise<T[]> {
  const found: T[] = [];
  let query = options.query ?? {};
  for (;;) {
    const page = await get<{ value: T[]; continuationToken?: string | null }>(path, { ...options, query });
    found.push(...page.value);
    if (!page.continuationToken || found.length >= most) return found.slice(0, most);
    query = { ...query, continuationToken: page.continuationToken };
  }
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const address = new URL(`${base}/${path}`);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value) address.searchParams.set(name, value);
  }
  const headers: Record<string, string> = { ...options.headers, ...common, authorization: `Bearer ${await token()}` };
  const request: RequestInit = { method, headers };
  if (options.signal) request.signal = options.signal;
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    request.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(address, request);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new UnreachableError();
  }
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text ? JSON.parse(text) : null) as T;
}

async function problem(response: Response): Promise<Partial<Problem>> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return {};
  }
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.min(seconds, LONGEST_PAUSE) * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
