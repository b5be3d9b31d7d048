set -e
answer=$(mktemp)
end=$(($(date +%s) + 600))
call() {
  said=$(curl -sS --retry 5 --retry-all-errors --retry-max-time 300 --max-time 60 \
    -H "Authorization: Bearer $QJOBS_TOKEN" -H 'Prefer: wait=30' \
    -o "$answer" -w '%{http_code} %header{location} %header{retry-after}' "$@")
  read -r status location pause <<EOF
$said
EOF
}

call -H "Idempotency-Key: $$-$(date +%s)" -H 'Content-Type: application/json' \
  -d '{"input": {"qubits": 3}, "shots": 500}' "$QJOBS_URL/algorithms/ghz/jobs"
while [ "$status" = 202 ] && [ $(($(date +%s) + pause)) -lt "$end" ]; do
  sleep "$pause"
  call "$location"
done
cat "$answer"
[ "$status" = 200 ]
