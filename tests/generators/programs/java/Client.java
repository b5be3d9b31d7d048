import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.JobsApi;
import org.openapitools.client.model.GhzInput;
import org.openapitools.client.model.GhzInputMethod;
import org.openapitools.client.model.GhzJob;
import org.openapitools.client.model.GhzResult;
import org.openapitools.client.model.GhzSubmission;
import org.openapitools.client.model.Job;
import org.openapitools.client.model.JobError;
import org.openapitools.client.model.JobOutcome;
import org.openapitools.client.model.JobStatus;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.TargetMode;
import org.openapitools.client.model.TargetRequest;

public class Client {
    static String ended(JobsApi jobs, String id) throws ApiException {
        Job job = jobs.getJob(UUID.fromString(id), null);
        JobError error = Objects.requireNonNull(job.getError());
        return job.getStatus() + ", " + error.getCode() + ": " + error.getMessage();
    }

    public static void main(String[] ids) throws Exception {
        JobsApi jobs = new JobsApi(new ApiClient());
        var printed = new LinkedHashMap<String, String>();

        Job pending = jobs.getJob(UUID.fromString(ids[0]), null);
        JobOutcome outcome = jobs.getResult(pending.getId(), null, null);
        printed.put("pending", pending.getStatus() + ", ask again after " + pending.getRetryAfter()
            + " s, result " + ((GhzJob) outcome).getResult());

        GhzJob succeeded = (GhzJob) jobs.getResult(UUID.fromString(ids[1]), null, null);
        GhzResult result = Objects.requireNonNull(succeeded.getResult());
        printed.put("succeeded", succeeded.getStatus() + ", fidelity "
            + result.getFidelity().getKind() + " " + result.getFidelity().getValue() + " of "
            + result.getQubits() + " qubits by " + result.getMethod() + ", "
            + succeeded.getCounts().get(0).get("111") + " of 111");

        printed.put("failed", ended(jobs, ids[2]));
        printed.put("canceled", ended(jobs, ids[3]));
        try {
            jobs.getResult(UUID.fromString(ids[2]), null, null);
        } catch (ApiException error) {
            var problem = new ObjectMapper().readValue(error.getResponseBody(), Problem.class);
            printed.put("problem", error.getCode() + " " + problem.getCode() + " of "
                + problem.getJobId() + ": " + problem.getMessage());
        }
        printed.put("listed", jobs.listJobs(null, null, null, null, null).getValue().stream()
            .map(Job::getStatus).map(JobStatus::toString).collect(Collectors.joining(" ")));

        var key = UUID.randomUUID().toString();
        jobs.submitGhzJob(
            new GhzSubmission().input(new GhzInput().qubits(3)), null, key, null);
        jobs.submitGhzJob(new GhzSubmission()
            .input(new GhzInput().method(GhzInputMethod.PARITY))
            .target(new TargetRequest().mode(TargetMode.HARDWARE)), null, key, null);
        GhzJob job = jobs.submitGhzJob(new GhzSubmission().input(new GhzInput()).shots(100)
            .target(new TargetRequest().id("ionq.simulator")), null, key, null);
        if (job.getResult() != null) {
            throw new IllegalStateException("a job that waits has a result");
        }
        System.out.println(new ObjectMapper().writeValueAsString(printed));
    }
}
