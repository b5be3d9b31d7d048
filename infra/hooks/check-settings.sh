#!/bin/sh
# Before provisioning: refuses settings that are wrong or do not go together, and finds out who is to be
# told of alerts and since when there are budgets. Asks nothing; says what to set.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

fail() {
  echo "check-settings: $1" >&2
  exit 1
}

for command in az azd curl python3; do
  command -v "$command" >/dev/null 2>&1 || fail "$command is not installed: docs/deploy.md says what it takes."
done
right=yes
for check in check_names.py check_values.py check_settings.py; do
  python3 "$(dirname "$0")/$check" || right=no
done
[ "$right" = yes ] || exit 1

: "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd provision or azd up}"
az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none 2>/dev/null ||
  fail "az is not signed in to the subscription $AZURE_SUBSCRIPTION_ID: run az login."

case "${QJOBS_PRIVATE_NETWORKING:-false} ${QJOBS_GATEWAY_TIER:-bySize} ${QJOBS_SIZE:-dev}" in
  "true StandardV2 "* | "true bySize prod" | "false "*) ;;
  *) echo "check-settings: the functions stay reachable from the internet (for the gateway's identity alone): only the tier StandardV2 has a way into the network." ;;
esac

# Azure Quantum is in few regions: the app's, where it is one of them. A workspace cannot be moved, so what
# was chosen is kept.
if [ -z "${QJOBS_QUANTUM_LOCATION:-}${QJOBS_WORKSPACE_LOCATION:-}" ]; then
  case "$AZURE_LOCATION" in
    eastus | westus | northeurope | westeurope)
      azd env set QJOBS_QUANTUM_LOCATION "$AZURE_LOCATION"
      echo "check-settings: the workspace goes to $AZURE_LOCATION, too" ;;
    *) echo "check-settings: the workspace goes to eastus, for good: it is not in $AZURE_LOCATION. A nearer one, now: azd env set QJOBS_QUANTUM_LOCATION westeurope (or westus, northeurope)" ;;
  esac
fi

if [ -z "${QJOBS_CONTACT_EMAIL:-}" ]; then
  user=$(az account show --subscription "$AZURE_SUBSCRIPTION_ID" --query user.name --output tsv)
  case "$user" in
    *@*)
      azd env set QJOBS_CONTACT_EMAIL "$user"
      echo "check-settings: alerts go to $user; change that with: azd env set QJOBS_CONTACT_EMAIL name@example.com" ;;
    *) fail "nobody to tell of alerts: run azd env set QJOBS_CONTACT_EMAIL name@example.com" ;;
  esac
fi

# A budget keeps the month that it was made in, which has to be the current one then.
if [ "${QJOBS_MONTHLY_BUDGET:-0}" != 0 ] && [ -z "${QJOBS_BUDGET_START:-}" ]; then
  azd env set QJOBS_BUDGET_START "$(date -u +%Y-%m-01)"
fi
if [ "${QJOBS_QUANTUM_BUDGET:-0}" != 0 ] && [ -z "${QJOBS_QUANTUM_BUDGET_START:-}" ]; then
  azd env set QJOBS_QUANTUM_BUDGET_START "$(date -u +%Y-%m-01)"
fi
