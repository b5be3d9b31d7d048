using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;

public static class Client
{
    static readonly HttpClient Http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
    static readonly DateTime End = DateTime.UtcNow.AddMinutes(10);
    static readonly HashSet<int> Again = new HashSet<int> { 429, 502, 503, 504 };

    static async Task Wait(TimeSpan time, object reason)
    {
        if (DateTime.UtcNow + time > End)
        {
            throw new TimeoutException("given up: " + reason);
        }
        await Task.Delay(time);
    }

    static async Task<HttpResponseMessage> Call(Func<HttpRequestMessage> request)
    {
        while (true)
        {
            HttpResponseMessage answer;
            try
            {
                answer = await Http.SendAsync(request());
            }
            catch (Exception error)
                when (error is HttpRequestException || error is TaskCanceledException)
            {
                await Wait(TimeSpan.FromSeconds(1), error); // the key makes it safe to submit again
                continue;
            }
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }
            var problem = await answer.Content.ReadAsStringAsync();
            if (!Again.Contains((int)answer.StatusCode))
            {
                throw new InvalidOperationException(problem);
            }
            await Wait(answer.Headers.RetryAfter.Delta.Value, problem);
        }
    }

    public static async Task Main()
    {
        var url = Environment.GetEnvironmentVariable("QJOBS_URL");
        Http.DefaultRequestHeaders.Add("Prefer", "wait=30");
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
        while (answer.StatusCode == HttpStatusCode.Accepted)
        {
            await Wait(answer.Headers.RetryAfter.Delta.Value, "the job is not over yet");
            var location = answer.Headers.Location;
            answer = await Call(() => new HttpRequestMessage(HttpMethod.Get, location));
        }
        Console.WriteLine(await answer.Content.ReadAsStringAsync());
    }
}
