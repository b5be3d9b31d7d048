#!/bin/sh
# Before the page is deployed, in web/: writes into web/dist what is different in each deployment, and
# registers the page's address with Entra ID, which leads a sign-in to no other. Both take the outputs
# of the app layer. Nothing of it is secret: every page tells its visitors as much.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

: "${QJOBS_PAGE_URL:?is an output of the app layer: run azd provision app}"
: "${QJOBS_API_URL:?is an output of the app layer: run azd provision app}"
: "${AZURE_TENANT_ID:?is an output of the app layer: run azd provision app}"
: "${QJOBS_API_CLIENT_ID:?is set by register-apps.sh: run azd provision}"
: "${QJOBS_PAGE_CLIENT_ID:?is set by register-apps.sh: run azd provision}"
graph=https://graph.microsoft.com/v1.0
hooks=$(dirname "$0")

# The Consumption gateway lets nobody in without the key of a subscription.
QJOBS_PAGE_SUBSCRIPTION_KEY=
if [ "${QJOBS_GATEWAY_TIER_USED:-}" = Consumption ]; then
  service="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.ApiManagement/service/$QJOBS_GATEWAY_NAME"
  QJOBS_PAGE_SUBSCRIPTION_KEY=$(az rest --method POST --query primaryKey --output tsv \
    --url "$service/subscriptions/page/listSecrets?api-version=2024-05-01")
fi
export QJOBS_PAGE_SUBSCRIPTION_KEY
python3 "$hooks/configure_page.py"

body=$(mktemp)
trap 'rm -f "$body"' EXIT
# Who deploys may lack the right to do this, as pipelines do, where it is done already.
register() {
  az ad app show --id "$QJOBS_PAGE_CLIENT_ID" --query "{spa: spa}" --output json 2>/dev/null |
    python3 "$hooks/registration.py" redirect "$QJOBS_PAGE_URL" >"$body" 2>/dev/null || return 1
  [ -s "$body" ] || return 0
  az rest --method PATCH --url "$graph/applications(appId='$QJOBS_PAGE_CLIENT_ID')" \
    --headers Content-Type=application/json --body "@$body" --output none 2>/dev/null
}
register || echo "configure-page: the registration of the page could not be looked at or changed. People can sign in once $QJOBS_PAGE_URL/redirect.html and $QJOBS_PAGE_URL/ are among the redirect URIs of the platform \"Single-page application\" of $QJOBS_PAGE_CLIENT_ID." >&2
echo "configure-page: the page will be at $QJOBS_PAGE_URL"
