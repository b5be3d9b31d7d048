import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.JobsApi;
import org.openapitools.client.api.WebhooksApi;
import org.openapitools.client.model.Channel;
import org.openapitools.client.model.Delivery;
import org.openapitools.client.model.DeliveryStatus;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.ReplayRequest;
import org.openapitools.client.model.Replayed;
import org.openapitools.client.model.Webhook;
import org.openapitools.client.model.WebhookEvent;
import org.openapitools.client.model.WebhookRegistration;

public class Webhooks {
    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        WebhooksApi webhooks = new WebhooksApi(client);

        Channel channel = new JobsApi(client).getChannel();
        Webhook made = webhooks.registerWebhook(new WebhookRegistration()
            .url("https://receiver.example/hook")
            .events(List.of(WebhookEvent.FAILED, WebhookEvent.CANCELED)), null);
        UUID id = made.getId();
        Webhook found = webhooks.getWebhook(id);
        Delivery ping = webhooks.pingWebhook(id);
        List<Delivery> failed =
            webhooks.listDeliveries(id, DeliveryStatus.FAILED, 1, null).getValue();
        Delivery again = webhooks.replayDelivery(id, failed.get(0).getId());
        Replayed rest = webhooks.replayDeliveries(
            id, new ReplayRequest().since(OffsetDateTime.parse("2026-01-01T00:00:00Z")));
        Webhook rotated = webhooks.rotateWebhook(id);
        List<Webhook> listed = webhooks.listWebhooks().getValue();
        Webhook deleted = webhooks.deleteWebhook(id);

        String secret = Objects.requireNonNull(made.getSecret());
        var printed = new LinkedHashMap<String, String>();
        printed.put("channel",
            channel.getProtocol() + " at " + channel.getUrl().toString().substring(0, 6));
        printed.put("made", made.getStatus() + " for " + made.getEvents().stream()
            .map(WebhookEvent::toString).collect(Collectors.joining(" "))
            + ", secret " + secret.substring(0, 6));
        printed.put("found", found.getStatus() + ", secret " + found.getSecret()
            + ", reason " + found.getDisabledReason());
        printed.put("ping", ping.getType() + " " + ping.getStatus() + ", job " + ping.getJobId());
        printed.put("failed", failed.size() + " " + failed.get(0).getType() + " after "
            + failed.get(0).getAttempts().get(0).getHttpStatus());
        printed.put("again", again.getStatus() + ", then " + rest.getReplayed() + " more and "
            + rest.getMore());
        printed.put("rotated",
            (secret.equals(rotated.getSecret()) ? "the same" : "another") + " secret");
        printed.put("listed", listed.size() + " " + listed.get(0).getStatus());
        try {
            webhooks.getWebhook(id);
        } catch (ApiException error) {
            var problem = new ObjectMapper().readValue(error.getResponseBody(), Problem.class);
            printed.put("deleted", deleted.getUrl() + ", then " + error.getCode() + " "
                + problem.getCode());
        }
        System.out.println(new ObjectMapper().writeValueAsString(printed));
    }
}
