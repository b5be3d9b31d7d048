#!/bin/sh
# Before anything is deleted: wants to be told what may go, takes the locks of that away, and says what
# will be left. QJOBS_ALLOW_DOWN is `app` for `azd down app`, `everything` for `azd down`; azd does not
# tell its hooks which of the two it is. It counts once.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

: "${AZURE_ENV_NAME:?is set by azd: run this through azd down}" "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd down}"

app=rg-$AZURE_ENV_NAME
! grep -q '^ *path: infra/container' azure.yaml || app=$app-container
quantum=rg-$AZURE_ENV_NAME-quantum

case "${QJOBS_ALLOW_DOWN:-no}" in
  app) groups=$app ;;
  everything) groups="$app $quantum" ;;
  *)
    {
      echo "confirm-down: nothing is deleted before you say what may go:"
      echo "  the app with all jobs and results ($app): azd env set QJOBS_ALLOW_DOWN app, then azd down app --purge"
      echo "  the workspace and its storage, too ($quantum): azd env set QJOBS_ALLOW_DOWN everything, then azd down --purge"
    } >&2
    exit 1 ;;
esac

for group in $groups; do
  [ "$(az group exists --subscription "$AZURE_SUBSCRIPTION_ID" --name "$group")" = true ] || continue
  # The template's own, whose names begin so; a lock of somebody else still stops azd down.
  locks=$(az lock list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$group" \
    --query "[?starts_with(name, 'keep-')].id" --output tsv)
  for lock in $locks; do
    echo "confirm-down: removing the lock $lock; azd provision makes it again"
    if ! az lock delete --ids "$lock"; then
      echo "confirm-down: it is still there: let a Locks Contributor run az lock delete --ids $lock" >&2
      exit 1
    fi
  done
done
azd env set QJOBS_ALLOW_DOWN no

echo "confirm-down: what is left costs nothing:"
[ "$groups" != "$app" ] || echo "  in $quantum a role of the functions' identity and an audit setting, which the next azd up replaces;"
echo "  with purge protection (prod) the deleted vault, for 90 days: docs/deploy.md says how it comes back;"
echo "  the app registrations: az ad app delete --id ${QJOBS_API_CLIENT_ID:-ID}, --id ${QJOBS_FUNCTIONS_CLIENT_ID:-ID}${QJOBS_PAGE_CLIENT_ID:+ and --id $QJOBS_PAGE_CLIENT_ID}"
