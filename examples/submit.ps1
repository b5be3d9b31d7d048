$headers = @{ Authorization = "Bearer $env:QJOBS_TOKEN"; Prefer = 'wait=30' }
$once = $headers + @{ 'Idempotency-Key' = "$(New-Guid)" }
$answer = Invoke-WebRequest "$env:QJOBS_URL/algorithms/ghz/jobs" -Method Post -Headers $once `
  -ContentType 'application/json' -Body '{"input": {"qubits": 3}, "shots": 500}' -TimeoutSec 60
for ($try = 0; $answer.StatusCode -eq 202 -and $try -lt 20; $try++) {
  Start-Sleep -Seconds "$($answer.Headers.'Retry-After')"
  $answer = Invoke-WebRequest "$($answer.Headers.Location)" -Headers $headers -TimeoutSec 60
}
if ($answer.StatusCode -ne 200) { throw "given up: $($answer.Content)" }
$answer.Content
