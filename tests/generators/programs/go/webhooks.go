package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	qjobs "example.com/qjobs"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// orNull returns the text of what a pointer points to, or null.
func orNull[T any](value *T) string {
	if value == nil {
		return "null"
	}
	return fmt.Sprint(*value)
}

func main() {
	configuration := qjobs.NewConfiguration()
	configuration.Servers[0].URL = os.Args[1]
	client, ctx := qjobs.NewAPIClient(configuration), context.Background()
	webhooks := client.WebhooksAPI

	channel, _, err := client.JobsAPI.GetChannel(ctx).Execute()
	check(err)
	registration := qjobs.NewWebhookRegistration("https://receiver.example/hook")
	registration.SetEvents([]qjobs.WebhookEvent{
		qjobs.WEBHOOKEVENT_FAILED, qjobs.WEBHOOKEVENT_CANCELED})
	made, _, err := webhooks.RegisterWebhook(ctx).WebhookRegistration(*registration).Execute()
	check(err)
	found, _, err := webhooks.GetWebhook(ctx, made.Id).Execute()
	check(err)
	ping, _, err := webhooks.PingWebhook(ctx, made.Id).Execute()
	check(err)
	page, _, err := webhooks.ListDeliveries(ctx, made.Id).
		Status(qjobs.DELIVERYSTATUS_FAILED).Top(1).Execute()
	check(err)
	failed := page.Value
	again, _, err := webhooks.ReplayDelivery(ctx, made.Id, failed[0].Id).Execute()
	check(err)
	since := qjobs.NewReplayRequest(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	rest, _, err := webhooks.ReplayDeliveries(ctx, made.Id).ReplayRequest(*since).Execute()
	check(err)
	rotated, _, err := webhooks.RotateWebhook(ctx, made.Id).Execute()
	check(err)
	listed, _, err := webhooks.ListWebhooks(ctx).Execute()
	check(err)
	deleted, _, err := webhooks.DeleteWebhook(ctx, made.Id).Execute()
	check(err)
	_, answer, err := webhooks.GetWebhook(ctx, made.Id).Execute()
	var refused *qjobs.GenericOpenAPIError
	if !errors.As(err, &refused) {
		panic("no problem")
	}
	problem := refused.Model().(qjobs.Problem)

	var events []string
	for _, one := range made.Events {
		events = append(events, string(one))
	}
	secret, same := made.GetSecret(), "another"
	if rotated.GetSecret() == secret {
		same = "the same"
	}
	text, err := json.Marshal(map[string]string{
		"channel": fmt.Sprintf("%s at %s", channel.Protocol, channel.Url[:6]),
		"made": fmt.Sprintf(
			"%s for %s, secret %s", made.Status, strings.Join(events, " "), secret[:6]),
		"found": fmt.Sprintf("%s, secret %s, reason %s",
			found.Status, orNull(found.Secret.Get()), orNull(found.DisabledReason.Get())),
		"ping": fmt.Sprintf("%s %s, job %s", ping.Type, ping.Status, orNull(ping.JobId.Get())),
		"failed": fmt.Sprintf("%d %s after %d",
			len(failed), failed[0].Type, failed[0].Attempts[0].GetHttpStatus()),
		"again":   fmt.Sprintf("%s, then %d more and %t", again.Status, rest.Replayed, rest.More),
		"rotated": same + " secret",
		"listed":  fmt.Sprintf("%d %s", len(listed.Value), listed.Value[0].Status),
		"deleted": fmt.Sprintf("%s, then %d %s", deleted.Url, answer.StatusCode, problem.Code),
	})
	check(err)
	fmt.Println(string(text))
}
