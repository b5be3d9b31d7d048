/**
 * What this browser keeps of an account's jobs: to show them without a network, and to run them again.
 *
 * Each account has a database of its own. Where the browser keeps nothing, there is no history, and all else works.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { account } from "./account";
import type { Algorithm, Job, JobOutcome, Submission } from "./types";

/** The best value after a step of a loop. */
export interface StepValue {
  iteration: number;
  value: number;
  uncertainty: number | null;
}

export interface Remembered {
  id: string;
  job: Job;
  /** When the service said so. */
  seenAt: string;
  /** Only of jobs that were submitted here: the service does not tell inputs. */
  submission?: Submission;
  outcome?: JobOutcome;
  values?: StepValue[];
}

interface Schema extends DBSchema {
  jobs: { key: string; value: Remembered; indexes: { created: string } };
  algorithms: { key: string; value: Algorithm };
}

const MOST_JOBS = 500;
let opened: Promise<IDBPDatabase<Schema>> | null = null;

/** Keeps a job, with what is known of it besides; what was known before stays. */
export async function remember(news: { job: Job } & Partial<Omit<Remembered, "id" | "job">>): Promise<void> {
  await within(async (database) => {
    const writing = database.transaction("jobs", "readwrite");
    const id = keyOf(news.job.id);
    const known = await writing.store.get(id);
    const later = !known || known.job.updatedAt <= news.job.updatedAt;
    const job = later ? news.job : known.job;
    await writing.store.put({ ...known, seenAt: new Date().toISOString(), ...news, id, job });
    if (!known) await dropOldest(writing.store);
    await writing.done;
  });
}

/** What is known of a job, or null. */
export async function recall(jobId: string): Promise<Remembered | null> {
  return (await within((database) => database.get("jobs", keyOf(jobId)))) ?? null;
}

/** What was submitted, if it was submitted from this browser. */
export async function submissionOf(jobId: string): Promise<Submission | null> {
  return (await recall(jobId))?.submission ?? null;
}

/** All jobs, newest first. */
export async function everything(): Promise<Remembered[]> {
  const jobs = await within((database) => database.getAllFromIndex("jobs", "created"));
  return (jobs ?? []).reverse();
}

export async function forget(jobId: string): Promise<void> {
  await within((database) => database.delete("jobs", keyOf(jobId)));
}

export async function forgetEverything(): Promise<void> {
  await within((database) => Promise.all([database.clear("jobs"), database.clear("algorithms")]));
}

export async function rememberAlgorithm(algorithm: Algorithm): Promise<void> {
  await within((database) => database.put("algorithms", algorithm));
}

export async function recallAlgorithm(id: string): Promise<Algorithm | null> {
  return (await within((database) => database.get("algorithms", id))) ?? null;
}

/** The same for one account for ever, and no name that others could read. */
async function databaseName(accountId: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accountId));
  return `qjobs-${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

async function open(owner: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(await databaseName(owner), 1, {
    upgrade(database) {
      const jobs = database.createObjectStore("jobs", { keyPath: "id" });
      jobs.createIndex("created", "job.createdAt");
      database.createObjectStore("algorithms", { keyPath: "id" });
    },
  });
}

/** Does something with the database. A browser that keeps nothing, or is full, stops nobody. */
async function within<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
  try {
    const owner = account();
    if (!owner) return undefined;
    opened ??= open(owner.id);
    return await work(await opened);
  } catch (error) {
    console.warn("This browser keeps no history of jobs.", error);
    return undefined;
  }
}

type JobStore = { count(): Promise<number>; index(name: "created"): { openCursor(): Promise<Cursor | null> } };
type Cursor = { delete(): Promise<void> };

async function dropOldest(store: JobStore): Promise<void> {
  if ((await store.count()) <= MOST_JOBS) return;
  const oldest = await store.index("created").openCursor();
  await oldest?.delete();
}

function keyOf(jobId: string): string {
  return jobId.toLowerCase();
}
