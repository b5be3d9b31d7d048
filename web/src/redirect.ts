// Where a sign-in comes back to. It hands the response to the page, which asked for it.
import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

broadcastResponseToMainFrame().catch(() => location.replace("/"));
