#!/bin/sh
# Once for each subscription: switches on the kinds of resources that the templates use, and
# Microsoft.Solutions, because a quantum provider comes as a managed application.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

: "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd provision or azd up}"

# Prints those that are not registered.
missing() {
  registered=$(az provider list --subscription "$AZURE_SUBSCRIPTION_ID" \
    --query "[?registrationState=='Registered'].namespace" --output tsv)
  for namespace in \
    Microsoft.ApiManagement Microsoft.App Microsoft.Cdn Microsoft.Consumption Microsoft.ContainerRegistry \
    Microsoft.EventGrid Microsoft.Insights Microsoft.KeyVault Microsoft.ManagedIdentity Microsoft.Network \
    Microsoft.OperationalInsights Microsoft.Quantum Microsoft.SignalRService Microsoft.Solutions \
    Microsoft.Storage Microsoft.Web; do
    printf '%s\n' "$registered" | grep -qixF "$namespace" || echo "$namespace"
  done
}

# All at once, and then the wait for the last: each takes a minute or two.
left=$(missing)
for namespace in $left; do
  echo "register-providers: registering $namespace"
  az provider register --subscription "$AZURE_SUBSCRIPTION_ID" --namespace "$namespace" --output none
done
turns=0
while [ -n "$left" ]; do
  turns=$((turns + 1))
  if [ "$turns" -gt 60 ]; then
    echo "register-providers: still not registered after ten minutes: $(echo "$left" | tr '\n' ' '). Run azd again in a while, or let an Owner of the subscription run: az provider register --namespace NAME --wait" >&2
    exit 1
  fi
  sleep "${QJOBS_HOOK_PAUSE:-10}"
  left=$(missing)
done
echo "register-providers: done"
