/** How to get the access token that a program needs, as docs/clients.md says. */
import type { Configuration } from "../configuration";

/** The command that puts it into the environment: of this account on a laptop, of the Azure CLI's elsewhere. */
export function tokenCommand({ emulated, scopes }: Pick<Configuration, "emulated" | "scopes">, caller: string): string {
  if (emulated) return `export QJOBS_TOKEN=$(.venv/bin/python -m localdev token --caller ${word(caller)})`;
  const application = (scopes[0] ?? "").replace(/\/[^/]*$/, "");
  const scope = word(`${application}/.default`);
  return `export QJOBS_TOKEN=$(az account get-access-token --scope ${scope} --query accessToken -o tsv)`;
}

/** A text as one word of a POSIX shell. */
function word(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
