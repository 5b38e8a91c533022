package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestHyperLogLogCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.PFAdd("k", "a", 1, 0.5).Args(), "PFADD k a 1 0.5", command.Idempotent},
		{command.PFAdd("k").Args(), "PFADD k", command.Idempotent},
		{command.PFCount("a", "b").Args(), "PFCOUNT a b", command.ReadOnly},
		{command.PFMerge("d", "a", "b").Args(), "PFMERGE d a b", command.Idempotent},
		{command.PFMerge("d").Args(), "PFMERGE d", command.Idempotent},
	})
	checkRefused(t, []refused{
		{"add nil", command.PFAdd("k", nil).Err(), "nil has no text form"},
		{"count nothing", command.PFCount().Err(), "at least one key"},
	})
	checkReply(t, command.PFAdd("k", "a"), number(1), true)
	checkReply(t, command.PFCount("k"), number(3), int64(3))
	checkReply(t, command.PFMerge("d", "a"), text("OK"), command.OK{})
}
