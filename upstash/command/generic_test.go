package command_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestGenericCommandsSend(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	dump := []byte("d")
	checkSent(t, []sent{
		{command.Copy("a", "b").Args(), "COPY a b", command.Once},
		{command.CopyWith("a", "b", command.CopyOptions{}).Args(), "COPY a b", command.Once},
		{command.CopyWith("a", "b", command.CopyOptions{Replace: true}).Args(), "COPY a b REPLACE", command.Idempotent},
		{command.Del("a", "b").Args(), "DEL a b", command.Idempotent},
		{command.Dump("k").Args(), "DUMP k", command.ReadOnly},
		{command.Exists("a", "a").Args(), "EXISTS a a", command.ReadOnly},
		{command.Keys("a*").Args(), "KEYS a*", command.ReadOnly},
		{command.MemoryUsage("k").Args(), "MEMORY USAGE k", command.ReadOnly},
		{command.MemoryUsageWith("k", 0).Args(), "MEMORY USAGE k SAMPLES 0", command.ReadOnly},
		{command.RandomKey().Args(), "RANDOMKEY", command.ReadOnly},
		{command.Rename("a", "b").Args(), "RENAME a b", command.Once},
		{command.RenameNX("a", "b").Args(), "RENAMENX a b", command.Once},
		{command.Restore("k", dump, command.RestoreOptions{}).Args(), "RESTORE k 0 d", command.Once},
		{command.Restore("k", dump, command.RestoreOptions{TTL: 1500 * time.Microsecond}).Args(), "RESTORE k 2 d", command.Once},
		{command.Restore("k", dump, command.RestoreOptions{ExpireAt: at}).Args(), "RESTORE k 1700000000123 d ABSTTL", command.Once},
		{command.Restore("k", dump, command.RestoreOptions{Replace: true}).Args(), "RESTORE k 0 d REPLACE", command.Idempotent},
		{command.Restore("k", dump, command.RestoreOptions{IdleTime: time.Minute}).Args(), "RESTORE k 0 d IDLETIME 60", command.Once},
		{command.Restore("k", dump, command.RestoreOptions{Frequency: 255}).Args(), "RESTORE k 0 d FREQ 255", command.Once},
		{command.Restore("k", dump, command.RestoreOptions{ExpireAt: at, Replace: true, IdleTime: time.Second}).Args(), "RESTORE k 1700000000123 d REPLACE ABSTTL IDLETIME 1", command.Idempotent},
		{command.Touch("a", "b").Args(), "TOUCH a b", command.ReadOnly},
		{command.Type("k").Args(), "TYPE k", command.ReadOnly},
		{command.Unlink("a", "b").Args(), "UNLINK a b", command.Idempotent},
		{command.Wait(2, time.Second).Args(), "WAIT 2 1000", command.ReadOnly},
		{command.Wait(1, 0).Args(), "WAIT 1 0", command.ReadOnly},
		{command.WaitAOF(1, 2, 1500*time.Microsecond).Args(), "WAITAOF 1 2 2", command.ReadOnly},
	})
}

func TestGenericCommandsRefuse(t *testing.T) {
	t.Parallel()
	restore := func(o command.RestoreOptions) error { return command.Restore("k", []byte("d"), o).Err() }
	checkRefused(t, []refused{
		{"delete nothing", command.Del().Err(), "at least one key"},
		{"unlink nothing", command.Unlink().Err(), "at least one key"},
		{"touch nothing", command.Touch().Err(), "at least one key"},
		{"ask for nothing", command.Exists().Err(), "at least one key"},
		{"two expiries", restore(command.RestoreOptions{TTL: time.Second, ExpireAt: time.Now()}), "more than one expiry"},
		{"TTL under a millisecond", restore(command.RestoreOptions{TTL: time.Microsecond}), "at least 1ms"},
		{"negative TTL", restore(command.RestoreOptions{TTL: -time.Second}), "at least 1ms"},
		{"instant that reads as never", restore(command.RestoreOptions{ExpireAt: time.Unix(0, 0)}), "after 1970"},
		{"fraction of idle time", restore(command.RestoreOptions{IdleTime: time.Millisecond}), "whole seconds"},
		{"negative idle time", restore(command.RestoreOptions{IdleTime: -time.Second}), "whole seconds"},
		{"negative frequency", restore(command.RestoreOptions{Frequency: -1}), "1 to 255"},
		{"large frequency", restore(command.RestoreOptions{Frequency: 256}), "1 to 255"},
		{"idle time and frequency", restore(command.RestoreOptions{IdleTime: time.Second, Frequency: 1}), "one of IdleTime and Frequency"},
		{"negative wait", command.Wait(1, -time.Second).Err(), "must not be negative"},
		{"negative wait for the disk", command.WaitAOF(1, 0, -time.Second).Err(), "must not be negative"},
	})
}

func TestGenericCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.Copy("a", "b"), number(1), true)
	checkReply(t, command.CopyWith("a", "b", command.CopyOptions{}), number(0), false)
	checkReply(t, command.Del("a"), number(1), int64(1))
	checkReply(t, command.Dump("k"), text("\x00\xff"), []byte("\x00\xff"))
	checkReply(t, command.Dump("k"), command.Reply{}, command.ErrNil)
	checkReply(t, command.Exists("a", "a"), number(2), int64(2))
	checkReply(t, command.Keys("*"), list("a", "b"), []string{"a", "b"})
	checkReply(t, command.MemoryUsage("k"), number(56), int64(56))
	checkReply(t, command.MemoryUsageWith("k", 1), command.Reply{}, command.ErrNil)
	checkReply(t, command.RandomKey(), text("k"), "k")
	checkReply(t, command.RandomKey(), command.Reply{}, command.ErrNil)
	checkReply(t, command.Rename("a", "b"), text("OK"), command.OK{})
	checkReply(t, command.RenameNX("a", "b"), number(0), false)
	checkReply(t, command.Restore("k", nil, command.RestoreOptions{}), text("OK"), command.OK{})
	checkReply(t, command.Touch("a"), number(1), int64(1))
	checkReply(t, command.Type("k"), text("none"), "none")
	checkReply(t, command.Unlink("a"), number(0), int64(0))
	checkReply(t, command.Wait(1, 0), number(1), int64(1))
	checkReply(t, command.WaitAOF(1, 2, 0), list(1, 2), command.AOFCounts{Local: 1, Replicas: 2})
	checkMismatch(t, command.WaitAOF(1, 2, 0), list(1), "two counts")
	checkMismatch(t, command.WaitAOF(1, 2, 0), list(1, nil), "a value inside the list")
	checkMismatch(t, command.WaitAOF(1, 2, 0), command.Reply{}, "two counts")
}
