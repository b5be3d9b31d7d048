#!/bin/sh
# Once for each subscription: switches on the kinds of resources that the templates use.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd provision or azd up}"

for namespace in \
  Microsoft.ApiManagement Microsoft.App Microsoft.Insights Microsoft.KeyVault \
  Microsoft.ManagedIdentity Microsoft.Network Microsoft.OperationalInsights Microsoft.Quantum \
  Microsoft.Storage Microsoft.Web; do
  state=$(az provider show --subscription "$AZURE_SUBSCRIPTION_ID" --namespace "$namespace" \
    --query registrationState --output tsv)
  if [ "$state" != Registered ]; then
    echo "register-providers: registering $namespace, which takes a minute or two"
    az provider register --subscription "$AZURE_SUBSCRIPTION_ID" --namespace "$namespace" --wait
  fi
done
echo "register-providers: done"
