# Get the secret by `POST /webhooks`, start this with it, then `POST /webhooks/{id}/ping`.
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["QJOBS_WEBHOOK_SECRET"])
seen = set()  # in a database, if more than one process receives


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))  # as it is: it is signed
        try:
            event = webhook.verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.send_response(401)
        else:
            self.send_response(204)  # at once: work comes later
            if event["id"] not in seen:
                seen.add(event["id"])
                print(event["type"], event["data"].get("jobId"), flush=True)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
