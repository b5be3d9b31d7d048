#!/bin/sh
# After a deployment: the same package to the function app of the second region, if there is one. azd
# deploys a service to one resource. QJOBS_PACKAGE is the package, if it was not built here.
set -eu

if [ -z "${QJOBS_SECONDARY_FUNCTIONS_NAME:-}" ]; then
  exit 0
fi
: "${AZURE_SUBSCRIPTION_ID:?is set by azd}" "${AZURE_RESOURCE_GROUP:?is an output of the app layer}"

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
package=${QJOBS_PACKAGE:-$directory/api.zip}
if [ -z "${QJOBS_PACKAGE:-}" ]; then
  azd package api --output-path "$package"
fi
az functionapp deployment source config-zip --subscription "$AZURE_SUBSCRIPTION_ID" \
  --resource-group "$AZURE_RESOURCE_GROUP" --name "$QJOBS_SECONDARY_FUNCTIONS_NAME" \
  --src "$package" --build-remote false --output none
echo "deploy-secondary: deployed to $QJOBS_SECONDARY_FUNCTIONS_NAME"
