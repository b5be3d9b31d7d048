#!/bin/sh
# Before provisioning: the app's group may have been deleted, by azd down or by hand, and the role of its
# functions on the workspace is in the other group. Azure refuses to give an assignment another identity
# (RoleAssignmentUpdateNotPermitted), so that of one that is gone has to go. Others stay as they are.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

: "${AZURE_ENV_NAME:?is set by azd: run this through azd provision or azd up}"
: "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd provision or azd up}"
group=rg-$AZURE_ENV_NAME-quantum
role=c1410b24-3e69-4857-8f86-4d0a2e603250 # Quantum Workspace Data Contributor

[ "$(az group exists --subscription "$AZURE_SUBSCRIPTION_ID" --name "$group")" = true ] || exit 0
for workspace in $(az resource list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$group" \
  --resource-type Microsoft.Quantum/workspaces --query "[].id" --output tsv); do
  # An empty name is somebody whom Entra ID does not know any more. Where az may not ask, it has no name.
  old=$(az role assignment list --subscription "$AZURE_SUBSCRIPTION_ID" --scope "$workspace" \
    --role "$role" --output tsv \
    --query "[?principalName=='' && principalType=='ServicePrincipal'].id")
  [ -n "$old" ] || continue
  # A lock keeps assignments, too (prod). It is as azd provision quantum would make it.
  locked=$(az lock list --subscription "$AZURE_SUBSCRIPTION_ID" --resource "$workspace" \
    --query "[?name=='keep-workspace'].id" --output tsv)
  [ -z "$locked" ] || az lock delete --ids "$locked"
  for assignment in $old; do
    echo "remove-old-grants: removing the role of an identity that is gone: $assignment"
    az role assignment delete --ids "$assignment" || failed=yes
  done
  [ -z "$locked" ] || az lock create --name keep-workspace --lock-type CanNotDelete \
    --resource "$workspace" --notes "Its jobs and their results would be lost." --output none
  if [ -n "${failed:-}" ]; then
    echo "remove-old-grants: you may not remove it. Let an Owner of $workspace run: az role assignment delete --ids ID" >&2
    exit 1
  fi
done
