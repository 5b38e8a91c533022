package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func claimed(next string, m ...command.XMessage) command.XClaimed[command.XMessage] {
	return command.XClaimed[command.XMessage]{Next: next, Claimed: messages(m...), Deleted: []string{}}
}

func streamClaimCases() []Case {
	claim := func(o command.XClaimOptions, id string) command.Cmd[[]command.XMessage] {
		return command.XClaimWith("s", "g", "d", 0, o, id)
	}
	auto := func(idle time.Duration, o command.XAutoClaimOptions) command.Cmd[command.XClaimed[command.XMessage]] {
		return command.XAutoClaim("s", "g", "d", idle, o)
	}
	const minute = time.Minute
	return []Case{
		returns("XClaim", pendingTwo, command.XClaim("s", "g", "d", 0, "1-1"), messages(one), waits(waiting("1-1", "d", 0, 2), waiting("2-1", "c", 0, 1))),
		returns("XClaim: not idle", pendingTwo, command.XClaim("s", "g", "d", minute, "1-1"), messages(), waits(waiting("1-1", "c", 0, 1), waiting("2-1", "c", 0, 1))),
		returns("XClaim: not pending", pendingTwo, command.XClaim("s", "g", "d", 0, "2-2"), messages(), pends("1-1", "2-1")),
		returns("XClaim: deleted entry", pendingTwo+"; XDEL s 1-1", command.XClaim("s", "g", "d", 0, "1-1", "2-1"), messages(two), waits(waiting("2-1", "d", 0, 2))),
		fails("XClaim: no group", three, command.XClaim("s", "g", "d", 0, "1-1"), "NOGROUP"),
		fails("XClaim: string", "SET s v", command.XClaim("s", "g", "d", 0, "1-1"), "WRONGTYPE"),
		returns("XClaimWith: idle", pendingTwo, claim(command.XClaimOptions{Idle: minute}, "1-1"), messages(one),
			waits(waiting("1-1", "d", minute, 2), waiting("2-1", "c", 0, 1)), left(command.XClaim("s", "g", "e", minute, "1-1", "2-1"), messages(one))),
		returns("XClaimWith: delivered", pendingTwo, claim(command.XClaimOptions{Delivered: longAgo}, "1-1"), messages(one), left(command.XClaim("s", "g", "e", 24*time.Hour, "1-1"), messages(one))),
		returns("XClaimWith: RetryCount", pendingTwo, claim(command.XClaimOptions{RetryCount: some[int64](7)}, "1-1"), messages(one), waits(waiting("1-1", "d", 0, 7), waiting("2-1", "c", 0, 1))),
		returns("XClaimWith: RetryCount 0", pendingTwo, claim(command.XClaimOptions{RetryCount: some[int64](0)}, "1-1"), messages(one), waits(waiting("1-1", "d", 0, 0), waiting("2-1", "c", 0, 1))),
		returns("XClaimWith: Force", pendingTwo, claim(command.XClaimOptions{Force: true, RetryCount: some[int64](1)}, "2-2"), messages(twoTwo),
			waits(waiting("1-1", "c", 0, 1), waiting("2-1", "c", 0, 1), waiting("2-2", "d", 0, 1))),
		returns("XClaimWith: LastID", pendingTwo, claim(command.XClaimOptions{LastID: "2-2"}, "1-1"), messages(one),
			left(command.XReadGroup("g", "c", command.XReadGroupOptions{}, command.XFrom{Key: "s"}), streams()), pends("1-1", "2-1")),
		returns("XClaimIDs", pendingTwo, command.XClaimIDs("s", "g", "d", 0, command.XClaimOptions{}, "1-1", "2-2"), []string{"1-1"}, waits(waiting("1-1", "d", 0, 1), waiting("2-1", "c", 0, 1))),
		returns("XAutoClaim", pendingTwo, auto(0, command.XAutoClaimOptions{}), claimed("0-0", one, two), waits(waiting("1-1", "d", 0, 2), waiting("2-1", "d", 0, 2))),
		returns("XAutoClaim: not idle", pendingTwo, auto(minute, command.XAutoClaimOptions{}), claimed("0-0"), waits(waiting("1-1", "c", 0, 1), waiting("2-1", "c", 0, 1))),
		returns("XAutoClaim: count", pendingTwo, auto(0, command.XAutoClaimOptions{Count: 1}), claimed("2-1", one), waits(waiting("1-1", "d", 0, 2), waiting("2-1", "c", 0, 1))),
		returns("XAutoClaim: start", pendingTwo, auto(0, command.XAutoClaimOptions{Start: "1-2"}), claimed("0-0", two)),
		returns("XAutoClaim: deleted entry", pendingTwo+"; XDEL s 1-1", auto(0, command.XAutoClaimOptions{}),
			command.XClaimed[command.XMessage]{Next: "0-0", Claimed: messages(two), Deleted: []string{"1-1"}}, pends("2-1")),
		returns("XAutoClaim: deleted entry, count", pendingTwo+"; XDEL s 1-1", auto(0, command.XAutoClaimOptions{Count: 1}),
			command.XClaimed[command.XMessage]{Next: "2-1", Claimed: messages(), Deleted: []string{"1-1"}}, pends("2-1")),
		fails("XAutoClaim: no group", three, auto(0, command.XAutoClaimOptions{}), "NOGROUP"),
		returns("XAutoClaimIDs", pendingTwo, command.XAutoClaimIDs("s", "g", "d", 0, command.XAutoClaimOptions{}),
			command.XClaimed[string]{Next: "0-0", Claimed: []string{"1-1", "2-1"}, Deleted: []string{}}, waits(waiting("1-1", "d", 0, 1), waiting("2-1", "d", 0, 1))),
		returns("XPending", pendingTwo+"; XCLAIM s g d 0 2-1", command.XPending("s", "g"), command.XPendingSummary{
			Count: 2, Lowest: "1-1", Highest: "2-1", Consumers: []command.XConsumerPending{{Name: "c", Count: 1}, {Name: "d", Count: 1}},
		}),
		returns("XPending: deleted entry", pendingTwo+"; XDEL s 1-1", command.XPending("s", "g"), command.XPendingSummary{
			Count: 2, Lowest: "1-1", Highest: "2-1", Consumers: []command.XConsumerPending{{Name: "c", Count: 2}},
		}),
		returns("XPending: none", grouped, command.XPending("s", "g"), command.XPendingSummary{Consumers: []command.XConsumerPending{}}),
		fails("XPending: no group", three, command.XPending("s", "g"), "NOGROUP"),
		fails("XPending: string", "SET s v", command.XPending("s", "g"), "WRONGTYPE"),
		returns("XPendingRange", pendingTwo, command.XPendingRange("s", "g", "-", "+", 10), []command.XPendingEntry{waiting("1-1", "c", 0, 1), waiting("2-1", "c", 0, 1)}),
		returns("XPendingRange: count", pendingTwo, command.XPendingRange("s", "g", "-", "+", 1), []command.XPendingEntry{waiting("1-1", "c", 0, 1)}),
		returns("XPendingRange: open start", pendingTwo, command.XPendingRange("s", "g", "(1-1", "2", 10), []command.XPendingEntry{waiting("2-1", "c", 0, 1)}),
		returns("XPendingRange: open end", pendingTwo, command.XPendingRange("s", "g", "1", "(2-1", 10), []command.XPendingEntry{waiting("1-1", "c", 0, 1)}),
		returns("XPendingRangeWith: idle", pendingTwo+"; XCLAIM s g d 0 1-1 IDLE 60000", command.XPendingRangeWith("s", "g", "-", "+", 10, command.XPendingOptions{Idle: minute}),
			[]command.XPendingEntry{waiting("1-1", "d", minute, 2)}),
		returns("XPendingRangeWith: consumer", pendingTwo+"; XCLAIM s g d 0 1-1", command.XPendingRangeWith("s", "g", "-", "+", 10, command.XPendingOptions{Consumer: "c"}),
			[]command.XPendingEntry{waiting("2-1", "c", 0, 1)}),
	}
}
