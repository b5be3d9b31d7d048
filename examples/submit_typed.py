import os
import sys
import uuid

sys.path.append("qjobs-client")
from qjobs_client import AuthenticatedClient
from qjobs_client.api.jobs import get_result, submit_ghz_job
from qjobs_client.models import GhzInput, GhzSubmission

client = AuthenticatedClient(os.environ["QJOBS_URL"], os.environ["QJOBS_TOKEN"])
submission = GhzSubmission(input_=GhzInput(qubits=3), shots=500)
job = submit_ghz_job.sync(
    client=client, body=submission, prefer="wait=30", idempotency_key=str(uuid.uuid4())
)
result = get_result.sync(job.id, client=client)
print(result.result.fidelity.value)
