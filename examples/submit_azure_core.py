import json
import os
import uuid

from azure.core import PipelineClient
from azure.core.pipeline.policies import HeadersPolicy, RedirectPolicy, RequestIdPolicy, RetryPolicy
from azure.core.polling import LROPoller
from azure.core.polling.base_polling import LROBasePolling
from azure.core.rest import HttpRequest

url = os.environ["QJOBS_URL"]
authorization = {"Authorization": f"Bearer {os.environ['QJOBS_TOKEN']}"}
# In this order: a redirect removes the token, and the last policy adds it again.
policies = [RequestIdPolicy(), RedirectPolicy(), RetryPolicy(), HeadersPolicy(authorization)]
with PipelineClient(url, policies=policies) as client:
    request = HttpRequest(
        "POST",
        f"{url}/algorithms/ghz/jobs",
        json={"input": {"qubits": 3}, "shots": 500},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    submitted = client.send_request(request, _return_pipeline_response=True)
    submitted.http_response.raise_for_status()
    poller = LROPoller(
        client, submitted, lambda response: response.http_response.json(), LROBasePolling()
    )
    print(json.dumps(poller.result(), indent=2))
