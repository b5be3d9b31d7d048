curl -sS --max-time 60 "$QJOBS_URL/algorithms/ghz/jobs" \
  -H "Authorization: Bearer $QJOBS_TOKEN" -H 'Prefer: wait=30' \
  -H "Idempotency-Key: $$-$(date +%s)" -H 'Content-Type: application/json' \
  -d '{"input": {"qubits": 3}, "shots": 500}'
