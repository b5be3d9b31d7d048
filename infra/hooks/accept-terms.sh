#!/bin/sh
# Once for each subscription and provider: a quantum provider is an offer of the marketplace, whose
# terms somebody has to accept before a workspace can have it. That is never done without being told.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

: "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd provision or azd up}"
providers=${QJOBS_PROVIDERS:-rigetti/azure-basic-qvm-only-unlimited}
location=${QJOBS_QUANTUM_LOCATION:-eastus}

az extension show --name quantum --output none 2>/dev/null ||
  az extension add --name quantum --yes --output none

# No blanks in the list from here on, so that the shell can take it apart.
for pair in $(printf '%s' "$providers" | tr ',' ' '); do
  provider=${pair%%/*}
  sku=${pair#*/}
  if [ "$provider" = "$pair" ] || [ -z "$provider" ] || [ -z "$sku" ]; then
    echo "accept-terms: $pair is not providerId/providerSku; az quantum offerings list --location $location --output table has them." >&2
    exit 1
  fi
  # Microsoft's own provider is no offer of the marketplace and has no terms.
  [ "$provider" = microsoft-qc ] && continue
  accepted=$(az quantum offerings show-terms --subscription "$AZURE_SUBSCRIPTION_ID" \
    --provider-id "$provider" --sku "$sku" --location "$location" --query accepted --output tsv)
  case "$accepted" in
    true | True) continue ;;
  esac
  if [ "${QJOBS_ACCEPT_TERMS:-no}" = yes ]; then
    echo "accept-terms: accepting the terms of $provider, $sku"
    az quantum offerings accept-terms --subscription "$AZURE_SUBSCRIPTION_ID" \
      --provider-id "$provider" --sku "$sku" --location "$location" --output none
  else
    {
      echo "accept-terms: the terms of $provider, $sku are not accepted in this subscription."
      echo "  Read them: az quantum offerings show-terms --provider-id $provider --sku $sku --location $location"
      echo "  Then say so: azd env set QJOBS_ACCEPT_TERMS yes"
    } >&2
    exit 1
  fi
done
echo "accept-terms: done"
