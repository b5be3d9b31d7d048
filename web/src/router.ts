/** Addresses of views: what stands behind # in the page's address. */
import type { View } from "./screen";

export type Parameters = Record<string, string>;
export interface ViewModule {
  open(parameters: Parameters, query: URLSearchParams): View;
}

/** Loaded when they are first opened, so that the first load is small. */
const VIEWS: [pattern: string, load: () => Promise<ViewModule>][] = [
  ["", () => import("./views/catalogue")],
  ["algorithms/:algorithm", () => import("./views/algorithm")],
  ["jobs", () => import("./views/jobs")],
  ["jobs/:job", () => import("./views/job")],
  ["compare/:first/:second", () => import("./views/compare")],
  ["webhooks", () => import("./views/webhooks")],
];

export async function viewOf(hash: string): Promise<View | null> {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  for (const [pattern, load] of VIEWS) {
    const parameters = match(pattern, path);
    if (parameters) return (await load()).open(parameters, new URLSearchParams(query));
  }
  return null;
}

function match(pattern: string, path: string): Parameters | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const found: Parameters = {};
  for (const [index, name] of wanted.entries()) {
    const value = given[index] ?? "";
    if (name.startsWith(":") && value) found[name.slice(1)] = decodeURIComponent(value);
    else if (name !== value) return null;
  }
  return found;
}
