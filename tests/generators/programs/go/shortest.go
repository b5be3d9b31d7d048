package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	qjobs "example.com/qjobs"
)

func main() {
	configuration := qjobs.NewConfiguration()
	configuration.Servers[0].URL = os.Getenv("QJOBS_URL")
	jobs := qjobs.NewAPIClient(configuration).JobsAPI
	token := os.Getenv("QJOBS_TOKEN")
	ctx := context.WithValue(context.Background(), qjobs.ContextAccessToken, token)
	input := qjobs.NewGhzInput()
	input.SetQubits(3)
	key := os.Args[1] // the same key is the same job: to run it again is to poll
	job, _, err := jobs.SubmitGhzJob(ctx).GhzSubmission(*qjobs.NewGhzSubmission(*input)).
		IdempotencyKey(key).Prefer("wait=30").Execute()
	if err != nil {
		log.Fatal(err)
	}
	// job.GetResult() is empty: what the generator writes reads it as an additional member.
	text, _ := json.Marshal(job.AdditionalProperties["result"])
	var result qjobs.GhzResult
	if err := json.Unmarshal(text, &result); err != nil {
		log.Fatal("the job is not over yet")
	}
	fmt.Println(result.Fidelity.Value)
}
