#!/bin/sh
# Once for each environment: app registrations of Entra ID, which no template can make. The API's is
# what callers get tokens for; the functions' is what the gateway gets its tokens for; the page's is
# where people sign in in a browser. None has a secret. Where a variable is set already, nothing is
# done for it: an administrator may have made them.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

: "${AZURE_ENV_NAME:?is set by azd: run this through azd provision or azd up}"
graph=https://graph.microsoft.com/v1.0
azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46 # the app of az itself, the same in every tenant
# Ids within the app: any will do, as long as they stay.
scope_read=5b0f6a3e-4a55-4d0e-9a0c-6c2f1d1b7a01
scope_submit=5b0f6a3e-4a55-4d0e-9a0c-6c2f1d1b7a02
role_reader=5b0f6a3e-4a55-4d0e-9a0c-6c2f1d1b7a03
role_submitter=5b0f6a3e-4a55-4d0e-9a0c-6c2f1d1b7a04
scope_hardware=5b0f6a3e-4a55-4d0e-9a0c-6c2f1d1b7a05
role_hardware=5b0f6a3e-4a55-4d0e-9a0c-6c2f1d1b7a06

body=$(mktemp)
trap 'rm -f "$body"' EXIT

fail() {
  echo "register-apps: you may not $1. Let somebody who may make them all, as \"The first time\" in docs/deploy.md says, then run azd env set QJOBS_API_CLIENT_ID ID, azd env set QJOBS_FUNCTIONS_CLIENT_ID ID and azd env set QJOBS_PAGE_CLIENT_ID ID; or, for no page, azd env set QJOBS_PAGE false." >&2
  exit 1
}

# What was just made is not known everywhere at once.
repeat() {
  for pause in 2 5 10 20; do
    "$@" 2>/dev/null && return
    sleep "${QJOBS_HOOK_PAUSE:-$pause}"
  done
  "$@"
}

# Prints the client id of the app of a name, which is made if there is none.
find_or_create() {
  id=$(az ad app list --display-name "$1" --query "[?displayName=='$1'].appId | [0]" --output tsv)
  if [ -z "$id" ]; then
    id=$(az ad app create --display-name "$1" --sign-in-audience AzureADMyOrg --query appId --output tsv) ||
      fail "register applications in Entra ID"
  fi
  az ad sp show --id "$id" --output none 2>/dev/null ||
    repeat az ad sp create --id "$id" --output none || fail "make a service principal of $1"
  echo "$id"
}

# Changes the app of a client id as the file says.
change() {
  repeat az rest --method PATCH --url "$graph/applications(appId='$1')" \
    --headers Content-Type=application/json --body "@$body" --output none ||
    fail "change the registration of $1"
}

# Writes into the file what an API lacks for a client to read and submit without anybody's consent.
preauthorization() {
  az ad app show --id "$1" --query "{api: api}" --output json |
    python3 "$(dirname "$0")/registration.py" client "$2" jobs.read jobs.submit >"$body"
}

preauthorize() {
  repeat preauthorization "$1" "$2" || fail "read the registration of $1"
  [ ! -s "$body" ] || change "$1"
}

if [ -z "${QJOBS_API_CLIENT_ID:-}" ]; then
  api=$(find_or_create "qjobs API ($AZURE_ENV_NAME)")
  cat >"$body" <<JSON
{
  "identifierUris": ["api://$api"],
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [
      {"id": "$scope_read", "value": "jobs.read", "type": "User", "isEnabled": true,
       "adminConsentDisplayName": "Read quantum jobs",
       "adminConsentDescription": "Read the catalogue, and the caller's own jobs and results.",
       "userConsentDisplayName": "Read your quantum jobs",
       "userConsentDescription": "Read the catalogue, and your jobs and results."},
      {"id": "$scope_submit", "value": "jobs.submit", "type": "User", "isEnabled": true,
       "adminConsentDisplayName": "Submit quantum jobs",
       "adminConsentDescription": "Submit and cancel jobs in the caller's name.",
       "userConsentDisplayName": "Submit quantum jobs",
       "userConsentDescription": "Submit and cancel jobs in your name."},
      {"id": "$scope_hardware", "value": "jobs.hardware", "type": "Admin", "isEnabled": true,
       "adminConsentDisplayName": "Submit quantum jobs to hardware",
       "adminConsentDescription": "Submit jobs to quantum computers in the caller's name, where they are reserved."}
    ]
  },
  "appRoles": [
    {"id": "$role_reader", "value": "jobs.reader", "isEnabled": true,
     "allowedMemberTypes": ["Application"], "displayName": "Reader of jobs",
     "description": "Read the catalogue, and the application's own jobs and results."},
    {"id": "$role_submitter", "value": "jobs.submitter", "isEnabled": true,
     "allowedMemberTypes": ["Application"], "displayName": "Submitter of jobs",
     "description": "Submit and cancel jobs in the application's name."},
    {"id": "$role_hardware", "value": "jobs.hardware-user", "isEnabled": true,
     "allowedMemberTypes": ["Application"], "displayName": "Submitter of jobs to hardware",
     "description": "Submit jobs to quantum computers in the application's name, where they are reserved."}
  ]
}
JSON
  change "$api"
  # So that `az account get-access-token` works. A second request, because the scopes have to be there.
  preauthorize "$api" "$azure_cli"
  azd env set QJOBS_API_CLIENT_ID "$api"
  echo "register-apps: callers get tokens for api://$api"
fi

if [ -z "${QJOBS_FUNCTIONS_CLIENT_ID:-}" ]; then
  functions=$(find_or_create "qjobs functions ($AZURE_ENV_NAME)")
  # Tokens of version 1, which is what managed identities get where nothing else is asked for.
  cat >"$body" <<JSON
{"identifierUris": ["api://$functions"]}
JSON
  change "$functions"
  azd env set QJOBS_FUNCTIONS_CLIENT_ID "$functions"
  echo "register-apps: the gateway gets its tokens for api://$functions"
fi
if [ "${QJOBS_PAGE:-true}" = true ] && [ -z "${QJOBS_PAGE_CLIENT_ID:-}" ]; then
  page=$(find_or_create "qjobs page ($AZURE_ENV_NAME)")
  # Its addresses are not known before it is provisioned: configure-page.sh adds them.
  preauthorize "${QJOBS_API_CLIENT_ID:-$api}" "$page"
  azd env set QJOBS_PAGE_CLIENT_ID "$page"
  echo "register-apps: people sign in at the page as $page"
fi
echo "register-apps: done"
