/** What differs between deployments: written when the page is deployed or served, and public. */
export interface Configuration {
  /** Address of the API, without a slash at its end. */
  api: string;
  /** Client id of the page at the identity provider. */
  clientId: string;
  /** Issuer of tokens, with its tenant. */
  authority: string;
  /** OpenID metadata of the issuer, where it is not at the authority's address. */
  authorityMetadata?: Record<string, unknown>;
  /** Scopes of the API that the page asks for. */
  scopes: string[];
  /** Key of the page's subscription at the gateway, where that asks for one; it says which client calls, and is no secret. */
  subscriptionKey?: string;
  /** Whether devices are emulated: on a laptop, not in a deployment. */
  emulated?: boolean;
}

let loaded: Configuration | null = null;

export async function loadConfiguration(): Promise<Configuration> {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`/config.json answers ${response.status}`);
  loaded = (await response.json()) as Configuration;
  return loaded;
}

/** What was loaded; null before that. */
export function configuration(): Configuration | null {
  return loaded;
}
