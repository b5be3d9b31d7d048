package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	qjobs "example.com/qjobs"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	configuration := qjobs.NewConfiguration()
	configuration.Servers[0].URL = os.Args[1]
	jobs, ctx := qjobs.NewAPIClient(configuration).JobsAPI, context.Background()
	pending, succeeded, failed, canceled := os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	ended := func(id string) string {
		job, _, err := jobs.GetJob(ctx, id).Execute()
		check(err)
		reason := job.GetError()
		return fmt.Sprintf("%s, %s: %s", job.Status, reason.Code, reason.Message)
	}
	printed := map[string]string{}

	job, _, err := jobs.GetJob(ctx, pending).Execute()
	check(err)
	outcome, _, err := jobs.GetResult(ctx, pending).Execute()
	check(err)
	absent := "there"
	if outcome.AdditionalProperties["result"] == nil {
		absent = "null"
	}
	printed["pending"] = fmt.Sprintf(
		"%s, ask again after %d s, result %s", job.Status, job.GetRetryAfter(), absent)

	// Go has no inheritance: the result is read once more, as that of its algorithm.
	done, _, err := jobs.GetResult(ctx, succeeded).Execute()
	check(err)
	text, err := json.Marshal(done.AdditionalProperties["result"])
	check(err)
	var result qjobs.GhzResult
	check(json.Unmarshal(text, &result))
	printed["succeeded"] = fmt.Sprintf("%s, fidelity %s %v of %d qubits by %s, %d of 111",
		done.Status, result.Fidelity.Kind, result.Fidelity.Value, result.Qubits, result.Method,
		done.Counts[0]["111"])

	printed["failed"], printed["canceled"] = ended(failed), ended(canceled)
	_, answer, err := jobs.GetResult(ctx, failed).Execute()
	var refused *qjobs.GenericOpenAPIError
	if !errors.As(err, &refused) {
		panic("no problem")
	}
	problem := refused.Model().(qjobs.Problem)
	printed["problem"] = fmt.Sprintf(
		"%d %s of %s: %s", answer.StatusCode, problem.Code, problem.GetJobId(), problem.Message)
	page, _, err := jobs.ListJobs(ctx).Execute()
	check(err)
	var listed []string
	for _, one := range page.Value {
		listed = append(listed, string(one.Status))
	}
	printed["listed"] = strings.Join(listed, " ")

	qubits, parity, hardware := qjobs.NewGhzInput(), qjobs.NewGhzInput(), qjobs.NewTargetRequest()
	qubits.SetQubits(3)
	parity.SetMethod(qjobs.GHZINPUTMETHOD_PARITY)
	hardware.SetMode(qjobs.TARGETMODE_HARDWARE)
	first, second := qjobs.NewGhzSubmission(*qubits), qjobs.NewGhzSubmission(*parity)
	second.SetTarget(*hardware)
	third, simulator := qjobs.NewGhzSubmission(*qjobs.NewGhzInput()), qjobs.NewTargetRequest()
	simulator.SetId("ionq.simulator")
	third.SetTarget(*simulator)
	third.SetShots(100)
	for _, submission := range []*qjobs.GhzSubmission{first, second, third} {
		submitted, _, err := jobs.SubmitGhzJob(ctx).GhzSubmission(*submission).Execute()
		check(err)
		if _, there := submitted.GetResultOk(); there && submitted.Result.Get() != nil {
			panic("a job that waits has a result")
		}
	}
	text, err = json.Marshal(printed)
	check(err)
	fmt.Println(string(text))
}
