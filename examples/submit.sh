set -e
cd "$(mktemp -d)"
call() {
  curl -sS --fail-with-body --retry 5 -H "Authorization: Bearer $QJOBS_TOKEN" "$@"
}

location=$(call -o submitted.json -w '%header{location}' "$QJOBS_URL/algorithms/ghz/jobs" \
  -H 'Content-Type: application/json' -H "Idempotency-Key: $$-$(date +%s)" \
  -d '{"input": {"qubits": 3}, "shots": 500}')

while
  pause=$(call -L -H 'Prefer: wait=30' -o answer.json -w '%header{retry-after}' "$location")
  [ -n "$pause" ]
do sleep "$pause"; done
cat answer.json
grep -q '"status": *"Succeeded"' answer.json
