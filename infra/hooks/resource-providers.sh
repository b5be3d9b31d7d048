#!/bin/sh
# A subscription has to know each kind of resource once before it can have one.
set -eu

for namespace in Microsoft.ApiManagement Microsoft.App Microsoft.Insights Microsoft.KeyVault \
  Microsoft.ManagedIdentity Microsoft.Network Microsoft.OperationalInsights Microsoft.Quantum \
  Microsoft.Storage Microsoft.Web; do
  state=$(az provider show --namespace "$namespace" --query registrationState --output tsv)
  if [ "$state" != Registered ]; then
    echo "registering $namespace (a minute or two)"
    az provider register --namespace "$namespace" --wait --only-show-errors
  fi
done
