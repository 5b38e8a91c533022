package command_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestServerCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.Command().Args(), "COMMAND", command.ReadOnly},
		{command.ConfigGet("notify-*", "save").Args(), "CONFIG GET notify-* save", command.ReadOnly},
		{command.ConfigSet("notify-keyspace-events", "KEA").Args(), "CONFIG SET notify-keyspace-events KEA", command.Idempotent},
		{command.ConfigSetMany(map[string]any{"b": 2, "a": "x"}).Args(), "CONFIG SET a x b 2", command.Idempotent},
		{command.DBSize().Args(), "DBSIZE", command.ReadOnly},
		{command.FlushAll("").Args(), "FLUSHALL", command.Idempotent},
		{command.FlushAll(command.FlushAsync).Args(), "FLUSHALL ASYNC", command.Idempotent},
		{command.FlushDB("").Args(), "FLUSHDB", command.Idempotent},
		{command.FlushDB(command.FlushSync).Args(), "FLUSHDB SYNC", command.Idempotent},
		{command.Info().Args(), "INFO", command.ReadOnly},
		{command.InfoWith("memory").Args(), "INFO memory", command.ReadOnly},
		{command.Time().Args(), "TIME", command.ReadOnly},
	})
	checkRefused(t, []refused{
		{"no parameter to get", command.ConfigGet().Err(), "at least one parameter"},
		{"no parameter to set", command.ConfigSetMany(nil).Err(), "at least one parameter"},
		{"value without a text form", command.ConfigSet("a", nil).Err(), "has no text form"},
	})
}

func TestServerCommandsDecode(t *testing.T) {
	t.Parallel()
	if commands, err := command.Command().Decode(list()); err != nil || commands == nil || len(commands) != 0 {
		t.Errorf("Command = %v, %v", commands, err)
	}
	checkReply(t, command.ConfigGet("*"), list("notify-keyspace-events", "AKE"), map[string]string{"notify-keyspace-events": "AKE"})
	checkReply(t, command.ConfigGet("none"), list(), map[string]string{})
	checkReply(t, command.DBSize(), number(7), int64(7))
	checkReply(t, command.FlushDB(""), text("OK"), command.OK{})
	checkReply(t, command.Info(), text("# Server\r\n"), "# Server\r\n")
	checkReply(t, command.Time(), list("1700000000", "000042"), time.Unix(1700000000, 42000))
	for name, reply := range map[string]command.Reply{
		"one part": list("1700000000"), "nil": {}, "no number": list("now", "1"), "no second number": list("1", ""),
		"a whole second": list("1", "1000000"), "negative": list("1", "-1"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMismatch(t, command.Time(), reply, "seconds and microseconds")
		})
	}
	checkMismatch(t, command.Time(), list("1", nil), "a value inside the list")
}

func TestInfoFields(t *testing.T) {
	t.Parallel()
	const report = "# Server\r\nredis_version:7.0.15\r\n\r\n# Replication: all\r\nmaster:a:1\nlast:"
	want := map[string]string{"redis_version": "7.0.15", "master": "a:1", "last": ""}
	if diff := cmp.Diff(want, command.InfoFields(report)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{}, command.InfoFields("")); diff != "" {
		t.Errorf("fields of nothing (-want +got):\n%s", diff)
	}
}
