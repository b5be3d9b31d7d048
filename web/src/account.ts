/** The account that is signed in, and its tokens, by Microsoft's own library. */
import type { AccountInfo, IPublicClientApplication } from "@azure/msal-browser";
import type { Configuration } from "./configuration";
import { UnreachableError } from "./problem";

export interface Account {
  /** The same for one account for ever; no name. */
  id: string;
  name: string;
}

let client: IPublicClientApplication;
let current: AccountInfo | null = null;
let scopes: string[] = [];

/** Loads the library, and finishes a sign-in that is coming back. */
export async function startAccount(configuration: Configuration): Promise<Account | null> {
  const { createStandardPublicClientApplication } = await import("@azure/msal-browser");
  const metadata = configuration.authorityMetadata;
  client = await createStandardPublicClientApplication({
    auth: {
      clientId: configuration.clientId,
      authority: configuration.authority,
      ...(metadata && { authorityMetadata: JSON.stringify(metadata) }),
      redirectUri: `${location.origin}/redirect.html`,
      postLogoutRedirectUri: `${location.origin}/`,
    },
    // A tab has its own account, and forgets it when it is closed.
    cache: { cacheLocation: "sessionStorage" },
  });
  scopes = configuration.scopes;
  const response = await client.handleRedirectPromise();
  current = response?.account ?? client.getAllAccounts()[0] ?? null;
  return account();
}

export function account(): Account | null {
  if (!current) return null;
  return { id: current.homeAccountId, name: current.name ?? current.username };
}

export async function signIn(): Promise<void> {
  await client.loginRedirect({ scopes, prompt: "select_account" });
}

export async function signOut(): Promise<void> {
  await client.logoutRedirect({ account: current });
}

/** A token for the API. Leaves the page for the identity provider if that has to ask something. */
export async function token(): Promise<string> {
  if (!current) throw new Error("Nobody is signed in.");
  const request = { scopes, account: current };
  try {
    return (await client.acquireTokenSilent(request)).accessToken;
  } catch (error) {
    if (isWithoutNetwork(error)) throw new UnreachableError();
    if (!(error instanceof Error) || error.name !== "InteractionRequiredAuthError") throw error;
    await client.acquireTokenRedirect(request);
    throw error;
  }
}

/** The token is too old and the identity provider cannot be reached: the account stays signed in. */
function isWithoutNetwork(error: unknown): boolean {
  const { errorCode } = error as { errorCode?: string };
  return ["no_network_connectivity", "post_request_failed", "network_error"].includes(errorCode ?? "");
}
