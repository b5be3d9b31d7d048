#!/bin/sh
# After a deployment: submits one job through the gateway, as a caller would, and waits for its end.
# QJOBS_SMOKE_TARGET is the id of a target, else it is a simulator; QJOBS_SMOKE_SECONDS is how long to
# wait. Exit code 0 is a job that succeeded.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

if [ -z "${QJOBS_API_URL:-}" ]; then # not run by azd
  command -v azd >/dev/null 2>&1 || {
    echo "smoke-test: azd is not installed, so set what it knows: QJOBS_API_URL, QJOBS_API_CLIENT_ID and AZURE_SUBSCRIPTION_ID (infra/hooks/smoke-test.sh --help)." >&2
    exit 1
  }
  values=$(azd env get-values)
  eval "$values"
fi

: "${AZURE_SUBSCRIPTION_ID:?is set by azd: run this through azd deploy or azd up}"
: "${QJOBS_API_URL:?is an output of the app layer: run azd provision app}"
: "${QJOBS_API_CLIENT_ID:?is set by register-apps.sh: run azd provision app}"
if [ -n "${QJOBS_SMOKE_TARGET:-}" ]; then
  target="{\"id\": \"$QJOBS_SMOKE_TARGET\"}"
else
  target='{"mode": "Simulator"}'
fi
seconds=${QJOBS_SMOKE_SECONDS:-600}
body='{"input": {"qubits": 3}, "shots": 100, "name": "smoke test", "target": '$target'}'

# Tokens go through files that nobody else can read: arguments of processes can be listed.
umask 077
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
request=$directory/request
answer=$directory/answer
headers=$directory/headers

fail() {
  echo "smoke-test: $1" >&2
  [ -s "$answer" ] && cat "$answer" >&2
  exit 1
}

# Prints a member of the last answer, or nothing.
member() {
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2]) or "")' "$answer" "$1"
}

# Prints a header of the last answer, or nothing.
header() {
  tr -d '\r' <"$headers" | awk -v name="$1:" 'tolower($1) == name {value = $2} END {print value}'
}

# Sends a request and prints the status, 000 if there is no answer.
send() {
  : >"$answer"
  curl --silent --max-time 60 --header "@$request" --dump-header "$headers" --output "$answer" \
    --write-out '%{http_code}' "$@" || true
}

# Writes what every request carries. Long after a pipeline has signed in, only azd can renew a token.
sign_in() {
  scope="api://$QJOBS_API_CLIENT_ID/.default"
  token=$(az account get-access-token --subscription "$AZURE_SUBSCRIPTION_ID" --scope "$scope" \
    --query accessToken --output tsv) || token=$(azd auth token --output json --scope "$scope" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
  {
    echo "Authorization: Bearer $token"
    echo "Content-Type: application/json"
    [ -z "${key:-}" ] || echo "Ocp-Apim-Subscription-Key: $key"
  } >"$request"
}

if [ "${QJOBS_GATEWAY_TIER_USED:-}" = Consumption ]; then
  # In this tier limits are by subscription, so requests take its key.
  service="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.ApiManagement/service/$QJOBS_GATEWAY_NAME"
  key=$(az rest --method POST --query primaryKey --output tsv \
    --url "$service/subscriptions/smoke-test/listSecrets?api-version=2024-05-01")
fi
sign_in

# However often it is sent, it is one job.
once="Idempotency-Key: \"smoke-$$-$(date +%s)\""

# Roles and policies take a few minutes to arrive everywhere after the first deployment, and show as
# 401, 403 or 503 until then. A 500 in a row is a mistake in the code, which waiting does not mend.
end=$(($(date +%s) + seconds))
broken=0
while :; do
  status=$(send --header "$once" --data "$body" "$QJOBS_API_URL/algorithms/ghz/jobs")
  [ "$status" = 500 ] || broken=0
  case "$status" in
    202) break ;;
    500)
      broken=$((broken + 1))
      [ "$broken" -lt 5 ] || fail "the job was answered with status 500 five times in a row: deploy a version that works; docs/runbook.md says where the logs are" ;;
    000 | 401 | 403 | 404 | 429 | 5*) ;;
    *) fail "the job was refused with status $status" ;;
  esac
  [ "$(date +%s)" -lt "$end" ] || fail "no job was accepted in $seconds seconds; the last status was $status"
  echo "smoke-test: status $status, trying again in ${QJOBS_SMOKE_PAUSE:-15} seconds"
  sleep "${QJOBS_SMOKE_PAUSE:-15}"
done
echo "smoke-test: job $(member id) was accepted"

job=$(header operation-location)
[ -n "$job" ] || fail "the answer has no Operation-Location"
while :; do
  status=$(send "$job")
  [ "$status" = 200 ] || echo "smoke-test: status $status while polling"
  [ "$status" != 401 ] || sign_in
  state=
  [ "$status" = 200 ] && state=$(member status)
  case "$state" in
    Succeeded) break ;;
    Failed | Canceled) fail "the job is $state" ;;
  esac
  [ "$(date +%s)" -lt "$end" ] || fail "the job has not ended in $seconds seconds"
  pause=$(header retry-after)
  sleep "${QJOBS_SMOKE_PAUSE:-${pause:-5}}"
done

status=$(send "$QJOBS_API_URL/jobs/$(member id)/result")
[ "$status" = 200 ] || fail "the result was answered with status $status"
echo "smoke-test: the job succeeded, and its result is"
cat "$answer"
echo
