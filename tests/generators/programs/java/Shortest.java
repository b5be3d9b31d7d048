import org.openapitools.client.ApiClient;
import org.openapitools.client.api.JobsApi;
import org.openapitools.client.model.GhzInput;
import org.openapitools.client.model.GhzSubmission;

public class Shortest {
    public static void main(String[] keys) throws Exception {
        var client = new ApiClient();
        client.updateBaseUri(System.getenv("QJOBS_URL"));
        var token = "Bearer " + System.getenv("QJOBS_TOKEN");
        client.setRequestInterceptor(request -> request.header("Authorization", token));
        var submission = new GhzSubmission().input(new GhzInput().qubits(3));
        // The same key is the same job: to run it again is to poll.
        var job = new JobsApi(client).submitGhzJob(submission, "wait=30", keys[0], null);
        if (job.getResult() == null) throw new IllegalStateException("the job is not over yet");
        System.out.println(job.getResult().getFidelity().getValue());
    }
}
