package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestPubSubCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.Publish("c", 42).Args(), "PUBLISH c 42", command.Once},
		{command.PubSubChannels("").Args(), "PUBSUB CHANNELS", command.ReadOnly},
		{command.PubSubChannels("news:*").Args(), "PUBSUB CHANNELS news:*", command.ReadOnly},
		{command.PubSubNumPat().Args(), "PUBSUB NUMPAT", command.ReadOnly},
		{command.PubSubNumSub("b", "a").Args(), "PUBSUB NUMSUB b a", command.ReadOnly},
	})
	checkRefused(t, []refused{
		{"message without a text form", command.Publish("c", nil).Err(), "has no text form"},
		{"subscribers of nothing", command.PubSubNumSub().Err(), "at least one channel"},
	})
}

func TestPubSubCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.Publish("c", "m"), number(2), int64(2))
	checkReply(t, command.PubSubChannels(""), list("a", "b"), []string{"a", "b"})
	checkReply(t, command.PubSubNumPat(), number(0), int64(0))
	checkReply(t, command.PubSubNumSub("b", "a"), list("b", 2, "a", 0), []int64{2, 0})
	checkMismatch(t, command.PubSubNumSub("b"), list("b"), "flat pairs")
	checkMismatch(t, command.PubSubNumSub("b"), list("b", nil), "a value inside the list")
}
