using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;

public static class Client
{
    // HttpClient drops the Authorization header when it follows a redirect, so it must not.
    static readonly HttpClient Http =
        new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

    static async Task<HttpResponseMessage> Call(Func<HttpRequestMessage> request)
    {
        while (true)
        {
            var answer = await Http.SendAsync(request());
            var status = (int)answer.StatusCode;
            if (status == 429 || status >= 502)
            {
                await Task.Delay(answer.Headers.RetryAfter.Delta.Value);
            }
            else if (status >= 400)
            {
                throw new HttpRequestException(await answer.Content.ReadAsStringAsync());
            }
            else
            {
                return answer;
            }
        }
    }

    static HttpRequestMessage Get(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Prefer", "wait=30");
        return request;
    }

    public static async Task<int> Main()
    {
        var url = Environment.GetEnvironmentVariable("QJOBS_URL");
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", Environment.GetEnvironmentVariable("QJOBS_TOKEN"));
        var key = Guid.NewGuid().ToString();

        var answer = await Call(() =>
        {
            var submit = new HttpRequestMessage(HttpMethod.Post, url + "/algorithms/ghz/jobs");
            submit.Headers.Add("Idempotency-Key", key);
            submit.Content = new StringContent(
                "{\"input\": {\"qubits\": 3}, \"shots\": 500}", Encoding.UTF8, "application/json");
            return submit;
        });
        var location = answer.Headers.Location;
        while ((answer = await Call(() => Get(location))).Headers.RetryAfter != null)
        {
            await Task.Delay(answer.Headers.RetryAfter.Delta.Value);
        }
        var succeeded = answer.StatusCode == HttpStatusCode.SeeOther;
        if (succeeded)
        {
            var result = answer.Headers.Location;
            answer = await Call(() => Get(result));
        }
        Console.WriteLine(await answer.Content.ReadAsStringAsync());
        return succeeded ? 0 : 1;
    }
}
