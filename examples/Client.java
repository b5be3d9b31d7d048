import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;

public class Client {
    static final HttpClient HTTP = HttpClient.newHttpClient();

    static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + System.getenv("QJOBS_TOKEN"));
    }

    static long retryAfter(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("Retry-After").orElse(0);
    }

    static HttpResponse<String> call(HttpRequest request) throws Exception {
        while (true) {
            var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            var status = answer.statusCode();
            if (status == 429 || status >= 502) {
                Thread.sleep(1000 * retryAfter(answer));
            } else if (status >= 400) {
                throw new IllegalStateException(answer.body());
            } else {
                return answer;
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        var body = "{\"input\": {\"qubits\": 3}, \"shots\": 500}";
        var answer = call(request(System.getenv("QJOBS_URL") + "/algorithms/ghz/jobs")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
        var location = answer.headers().firstValue("Location").orElseThrow();
        while (true) {
            answer = call(request(location).header("Prefer", "wait=30").build());
            if (retryAfter(answer) == 0) {
                break;
            }
            Thread.sleep(1000 * retryAfter(answer));
        }
        var succeeded = answer.statusCode() == 303;
        if (succeeded) {
            answer = call(request(answer.headers().firstValue("Location").orElseThrow()).build());
        }
        System.out.println(answer.body());
        System.exit(succeeded ? 0 : 1);
    }
}
