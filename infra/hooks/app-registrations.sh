#!/bin/sh
# The two applications in Entra ID that tokens are for: the API, for callers, and the functions, for
# the gateway alone. What they are called is kept in the azd environment.
set -eu
cd "$(dirname "$0")"

# A pipeline should not have the right to register applications. It is given what a person made.
if [ "${KEEP_APP_REGISTRATIONS:-no}" = yes ]; then
  : "${API_CLIENT_ID:?missing, though KEEP_APP_REGISTRATIONS is yes}"
  : "${API_AUDIENCE:?missing, though KEEP_APP_REGISTRATIONS is yes}"
  : "${FUNCTIONS_CLIENT_ID:?missing, though KEEP_APP_REGISTRATIONS is yes}"
  : "${FUNCTIONS_AUDIENCE:?missing, though KEEP_APP_REGISTRATIONS is yes}"
  exit 0
fi

graph=https://graph.microsoft.com/v1.0/applications

# Prints the client id of the application with a display name, which is created if need be.
application() {
  found=$(az ad app list --filter "displayName eq '$1'" --query '[].appId' --output tsv)
  case $(printf '%s\n' "$found" | grep -c .) in
  0)
    echo "creating the app registration $1" >&2
    az ad app create --display-name "$1" --sign-in-audience AzureADMyOrg --query appId --output tsv
    ;;
  1) printf '%s\n' "$found" ;;
  *)
    echo "There are several app registrations named $1: delete all but one." >&2
    return 1
    ;;
  esac
}

# An address that is free in every tenant, and the enterprise application that tokens need.
complete() {
  az ad app update --id "$1" --identifier-uris "api://$1"
  az ad sp show --id "$1" >/dev/null 2>&1 || az ad sp create --id "$1" --output none
}

patch() {
  az rest --method PATCH --uri "$graph(appId='$1')" --headers Content-Type=application/json \
    --body "@$2" --output none
}

api=$(application "qjobs-api-$AZURE_ENV_NAME")
patch "$api" api-scopes-and-roles.json
# A second step, because what is allowed beforehand has to exist.
patch "$api" api-command-line.json
complete "$api"

functions=$(application "qjobs-functions-$AZURE_ENV_NAME")
complete "$functions"

azd env set API_CLIENT_ID "$api"
azd env set API_AUDIENCE "api://$api"
azd env set FUNCTIONS_CLIENT_ID "$functions"
azd env set FUNCTIONS_AUDIENCE "api://$functions"
