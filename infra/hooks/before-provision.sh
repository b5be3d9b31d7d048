#!/bin/sh
# What Bicep cannot do, before anything is provisioned: resource providers, the terms of quantum
# providers, and the app registrations. Everything in it may be repeated.
set -eu
cd "$(dirname "$0")"

for tool in az azd; do
  command -v "$tool" >/dev/null || {
    echo "$tool is missing. https://aka.ms/azure-dev/install and https://aka.ms/azure-cli" >&2
    exit 1
  }
done
: "${AZURE_ENV_NAME:?run this through azd, which knows the environment: azd hooks run preprovision}"
if [ "$(az account show --query id --output tsv)" != "$AZURE_SUBSCRIPTION_ID" ]; then
  echo "az is signed in to another subscription than azd:" >&2
  echo "  az account set --subscription $AZURE_SUBSCRIPTION_ID" >&2
  exit 1
fi

sh ./resource-providers.sh
sh ./marketplace-terms.sh
sh ./app-registrations.sh
