import json
import os
import sys
import uuid

from azure.core import PipelineClient
from azure.core.pipeline.policies import HeadersPolicy, RequestIdPolicy, RetryPolicy
from azure.core.polling import LROPoller
from azure.core.polling.base_polling import LROBasePolling
from azure.core.rest import HttpRequest

url = os.environ["QJOBS_URL"]
authorization = {"Authorization": f"Bearer {os.environ['QJOBS_TOKEN']}"}
policies = [RequestIdPolicy(), RetryPolicy(timeout=600), HeadersPolicy(authorization)]
with PipelineClient(url, policies=policies) as client:
    request = HttpRequest(
        "POST",
        f"{url}/algorithms/ghz/jobs",
        json={"input": {"qubits": 3}, "shots": 500},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    # The key makes it safe to submit again, which the retry policy does not know.
    submitted = client.send_request(
        request, retry_on_methods={"POST"}, _return_pipeline_response=True
    )
    submitted.http_response.raise_for_status()
    poller = LROPoller(
        client,
        submitted,
        lambda response: response.http_response.json(),
        LROBasePolling(lro_options={"final-state-via": "location"}),
    )
    poller.wait(600)
    if not poller.done():
        sys.exit("given up: the job is not over yet")
    print(json.dumps(poller.result(), indent=2))
