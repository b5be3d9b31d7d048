// Get the secret by `POST /webhooks`, start this with it, then `POST /webhooks/{id}/ping`.
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

public class Receiver {
    public static void main(String[] arguments) throws Exception {
        Webhook webhook = new Webhook(System.getenv("QJOBS_WEBHOOK_SECRET"));
        Set<String> seen = ConcurrentHashMap.newKeySet(); // in a database, if more than one process receives
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "9000"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> {
            // As it is: it is signed.
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = 204; // at once: work comes later
            try {
                webhook.verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
                if (seen.add(exchange.getRequestHeaders().getFirst("webhook-id"))) System.out.println(body);
            } catch (WebhookVerificationException error) {
                status = 401;
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }
}
