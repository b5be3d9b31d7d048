import os
import sys
import time
import uuid

import httpx

sys.path.append("qjobs-client")
from qjobs_client import AuthenticatedClient
from qjobs_client.api.jobs import submit_ghz_job
from qjobs_client.models import GhzInput, GhzJob, GhzSubmission

timeout = httpx.Timeout(60)
client = AuthenticatedClient(os.environ["QJOBS_URL"], os.environ["QJOBS_TOKEN"], timeout=timeout)
submission = GhzSubmission(input_=GhzInput(qubits=3), shots=500)
key = str(uuid.uuid4())
for _ in range(20):
    # The same key is the same job, so to ask again is to poll, with the algorithm's own type.
    job = submit_ghz_job.sync(client=client, body=submission, prefer="wait=30", idempotency_key=key)
    if not isinstance(job, GhzJob):
        sys.exit(job.message)
    if job.result is not None:
        break
    time.sleep(job.retry_after)
else:
    sys.exit("given up: the job is not over yet")
print(job.result.fidelity.value)
