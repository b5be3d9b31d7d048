#!/bin/sh
# After the service is deployed: the same package to the function app of the second region, if there is
# one, because azd deploys a service to one resource. It is sent as azd sends it (funcapp_host_client.go
# of azure-dev). `az functionapp deployment source config-zip` would end with a question to the host's
# admin routes, which nobody may ask here, and call a deployment that succeeded unhealthy.
# QJOBS_SECONDARY_SECONDS is how long it may take; azd gives all of a service's deployment 20 minutes.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

name=${QJOBS_SECONDARY_FUNCTIONS_NAME:-}
[ -n "$name" ] || exit 0
: "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd deploy or azd up}"
: "${AZURE_RESOURCE_GROUP:?is an output of the app layer: run azd provision app}"
seconds=${QJOBS_SECONDARY_SECONDS:-600}
end=$(($(date +%s) + seconds))
package=$("$(dirname "$0")/check-package.sh")

# The token goes through a file that nobody else can read: arguments of processes can be listed.
umask 077
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
request=$directory/request
answer=$directory/answer
headers=$directory/headers

fail() {
  echo "deploy-secondary: $1" >&2
  [ ! -s "$answer" ] || cat "$answer" >&2
  echo "deploy-secondary: the first region has the new package, $name may have the old one: run azd deploy again." >&2
  exit 1
}

# Waits as long as the last answer says, or says why that would be too long.
pause() {
  [ "$(date +%s)" -lt "$end" ] || fail "$1, after $seconds seconds; QJOBS_SECONDARY_SECONDS can be more"
  wait=$(tr -d '\r' <"$headers" | awk 'tolower($1) == "retry-after:" {value = $2} END {print value}')
  case "$wait" in '' | *[!0-9]*) wait=2 ;; esac
  sleep "${QJOBS_HOOK_PAUSE:-$wait}"
}

# Sends a request and prints the status, 000 if there is no answer.
send() {
  : >"$answer"
  : >"$headers"
  curl --silent --max-time "$seconds" --header "@$request" --dump-header "$headers" \
    --output "$answer" --write-out '%{http_code}' "$@" || true
}

# Prints the deployment's id, which is the whole answer, or a member of it, or nothing.
read_answer() {
  python3 -c 'import json, sys
told = json.load(open(sys.argv[1]))
print(told.get(sys.argv[2], "") if isinstance(told, dict) else told)' "$answer" "${1:-}" 2>/dev/null || true
}

# Writes what every request carries. Long after a pipeline has signed in, only azd can renew a token.
sign_in() {
  token=$(az account get-access-token --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource https://management.azure.com/ --query accessToken --output tsv) ||
    token=$(azd auth token --output json --scope https://management.azure.com//.default |
      python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
  printf '%s\n' "Authorization: Bearer $token" "Accept: application/json" >"$request"
}

app="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$name"
# The name has a suffix where Azure makes names unique, so it is asked for.
host=$(az rest --method GET --url "$app?api-version=2024-04-01" --output tsv \
  --query "properties.hostNameSslStates[?hostType=='Repository'].name | [0]")
[ -n "$host" ] || fail "$name has no address to deploy to: run azd provision app"
sign_in

# Sends the package until it is taken, and prints how the deployment is called.
publish() {
  while :; do
    status=$(send --header "Content-Type: application/zip" --data-binary "@$package" "https://$host/api/publish")
    case "$status" in
      202) break ;;
      000 | 408 | 409 | 429 | 5*)
        echo "deploy-secondary: status $status, trying again" >&2
        pause "$name did not take the package; the last status was $status" ;;
      *) fail "$name refused the package with status $status" ;;
    esac
  done
  id=$(read_answer)
  case "$id" in
    '' | *[!0-9A-Za-z-]*) fail "$name took the package and named no deployment" ;;
  esac
  echo "$id"
}

echo "deploy-secondary: sending $package to $name"
id=$(publish)
seen=
unknown=0
while :; do
  status=$(send "https://$host/api/deployments/$id")
  state=
  [ "$status" != 200 ] && [ "$status" != 202 ] || state=$(read_answer status)
  case "$status $state" in
    200\ 4 | 202\ 4) break ;;
    200\ 5 | 202\ 5)
      echo "deploy-secondary: another deployment is under way, sending the package again"
      pause "another deployment to $name does not end"
      id=$(publish) ;;
    200\ -1 | 202\ -1 | 200\ 3 | 202\ 3 | 200\ 6 | 202\ 6)
      fail "the deployment to $name failed: $(read_answer status_text)" ;;
    200\ * | 202\ *)
      [ "$state" = "$seen" ] || echo "deploy-secondary: ${state:-?} (0 pending, 1 building, 2 deploying) $(read_answer progress)"
      seen=${state:-?} ;;
    404\ *)
      # At first nobody knows it yet. In the end the one who did it may be gone already.
      [ -z "$seen" ] || break
      unknown=$((unknown + 1))
      [ "$unknown" -le 5 ] || fail "$name knows nothing of its deployment $id" ;;
    401\ *) sign_in ;;
    000\ * | 408\ * | 429\ * | 5*) echo "deploy-secondary: status $status while polling" ;;
    *) fail "status $status while polling" ;;
  esac
  pause "the deployment to $name has not ended"
done
echo "deploy-secondary: deployed to $name"
