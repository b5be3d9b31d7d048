#!/bin/sh
# Each quantum provider is an offer of the marketplace, whose terms somebody has to accept once per
# subscription. That is a contract: it is not done unasked.
set -eu

location=${QUANTUM_LOCATION:-eastus}
az extension show --name quantum >/dev/null 2>&1 ||
  az extension add --name quantum --only-show-errors

for pair in ${QUANTUM_PROVIDERS:-rigetti:azure-basic-qvm-only-unlimited}; do
  provider=${pair%%:*}
  sku=${pair#*:}
  if [ "$provider" = "$pair" ] || [ -z "$sku" ]; then
    echo "QUANTUM_PROVIDERS: '$pair' is not provider:sku. Those on offer:" >&2
    echo "  az quantum offerings list --location $location --output table" >&2
    exit 1
  fi
  # Empty where there is nothing to accept: not every provider is in the marketplace.
  accepted=$(az quantum offerings show-terms --location "$location" --provider-id "$provider" \
    --sku "$sku" --query accepted --output tsv)
  case $accepted in
  true | '') ;;
  *)
    if [ "${ACCEPT_MARKETPLACE_TERMS:-no}" != yes ]; then
      echo "The terms of $provider ($sku) are not accepted in this subscription. Read them:" >&2
      echo "  az quantum offerings show-terms -l $location -p $provider -k $sku" >&2
      echo "and, if you agree, let this script accept them:" >&2
      echo "  azd env set ACCEPT_MARKETPLACE_TERMS yes" >&2
      exit 1
    fi
    echo "accepting the terms of $provider ($sku), as ACCEPT_MARKETPLACE_TERMS says"
    az quantum offerings accept-terms --location "$location" --provider-id "$provider" \
      --sku "$sku" --output none
    ;;
  esac
done
