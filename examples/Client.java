import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

public class Client {
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final Instant END = Instant.now().plusSeconds(600);

    static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + System.getenv("QJOBS_TOKEN"))
            .header("Prefer", "wait=30");
    }

    static void pause(long seconds, Object reason) throws Exception {
        if (Instant.now().plusSeconds(seconds).isAfter(END)) {
            throw new IllegalStateException("given up: " + reason);
        }
        Thread.sleep(1000 * seconds);
    }

    static long retryAfter(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("Retry-After").orElseThrow();
    }

    static HttpResponse<String> call(HttpRequest request) throws Exception {
        while (true) {
            HttpResponse<String> answer;
            try {
                answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (IOException error) {
                pause(1, error); // the key makes it safe to submit again
                continue;
            }
            if (Set.of(429, 502, 503, 504).contains(answer.statusCode())) {
                pause(retryAfter(answer), answer.body());
            } else if (answer.statusCode() >= 400) {
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
        while (answer.statusCode() == 202) {
            pause(retryAfter(answer), answer.body());
            answer = call(request(answer.headers().firstValue("Location").orElseThrow()).build());
        }
        System.out.println(answer.body());
    }
}
