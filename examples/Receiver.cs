// Get the secret by `POST /webhooks`, start this with it, then `POST /webhooks/{id}/ping`.
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Text;
using StandardWebhooks;
using StandardWebhooks.Exceptions;

class Receiver
{
    static void Main()
    {
        var webhook = new Webhook(Environment.GetEnvironmentVariable("QJOBS_WEBHOOK_SECRET"));
        var seen = new ConcurrentDictionary<string, bool>(); // in a database, if more than one process receives
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "9000"}/");
        listener.Start();
        while (true)
        {
            var context = listener.GetContext();
            var headers = (WebHeaderCollection)context.Request.Headers;
            string body;
            using (var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8)) body = reader.ReadToEnd();
            context.Response.StatusCode = 204; // at once: work comes later
            try
            {
                webhook.Verify(body, headers); // the body as it is: it is signed
                if (seen.TryAdd(headers["webhook-id"], true)) Console.WriteLine(body);
            }
            catch (WebhookVerificationException)
            {
                context.Response.StatusCode = 401;
            }
            context.Response.Close();
        }
    }
}
