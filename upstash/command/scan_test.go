package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestScanCommandsSend(t *testing.T) {
	t.Parallel()
	all := command.ScanOptions{Match: "a*", Count: 100, Type: "hash"}
	checkSent(t, []sent{
		{command.Scan("", command.ScanOptions{}).Args(), "SCAN 0", command.ReadOnly},
		{command.Scan("0", command.ScanOptions{Match: "a*"}).Args(), "SCAN 0 MATCH a*", command.ReadOnly},
		{command.Scan("18446744073709551615", command.ScanOptions{Count: 5}).Args(), "SCAN 18446744073709551615 COUNT 5", command.ReadOnly},
		{command.Scan("7", command.ScanOptions{Type: "zset"}).Args(), "SCAN 7 TYPE zset", command.ReadOnly},
		{command.Scan("7", all).Args(), "SCAN 7 MATCH a* COUNT 100 TYPE hash", command.ReadOnly},
		{command.ScanWithTypes("", command.ScanOptions{}).Args(), "SCAN 0 WITHTYPE", command.ReadOnly},
		{command.ScanWithTypes("7", all).Args(), "SCAN 7 MATCH a* COUNT 100 TYPE hash WITHTYPE", command.ReadOnly},
	})
}

func TestScanCommandsRefuse(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"negative count of keys", command.Scan("", command.ScanOptions{Count: -1}).Err(), "Count must not be negative"},
		{"negative count of members", command.SScan("k", "", command.MatchOptions{Count: -1}).Err(), "Count must not be negative"},
	})
}

func TestScanCommandsDecode(t *testing.T) {
	t.Parallel()
	c := command.Scan("", command.ScanOptions{})
	checkReply(t, c, list("18446744073709551615", list("a", "b")),
		command.Page[string]{Cursor: "18446744073709551615", Items: []string{"a", "b"}})
	checkReply(t, c, list("0", list()), command.Page[string]{Cursor: "0", Items: []string{}})
	checkReply(t, command.ScanWithTypes("", command.ScanOptions{}), list("0", list("a", "hash", "b", "set")),
		command.Page[command.KeyType]{Cursor: "0", Items: []command.KeyType{{Key: "a", Type: "hash"}, {Key: "b", Type: "set"}}})
}

func TestScanCommandsRejectOtherReplies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		reply command.Reply
		want  string
	}{
		{"nil", command.Reply{}, "a cursor and a list"},
		{"no list", list("0"), "a cursor and a list"},
		{"three parts", list("0", list(), list()), "a cursor and a list"},
		{"nil as cursor", list(nil, list()), "a value inside the list"},
		{"number as cursor", list(7, list()), "text"},
		{"text as list", list("0", "a"), "array"},
		{"nil as a key", list("0", list("a", "hash", nil, "set")), "a value inside the list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkMismatch(t, command.Scan("", command.ScanOptions{}), tt.reply, tt.want)
			checkMismatch(t, command.ScanWithTypes("", command.ScanOptions{}), tt.reply, tt.want)
		})
	}
	checkMismatch(t, command.ScanWithTypes("", command.ScanOptions{}), list("0", list("a")), "flat pairs")
	checkMismatch(t, command.ScanWithTypes("", command.ScanOptions{}), list("0", list("a", nil)), "a value inside the list")
}

func TestPageDone(t *testing.T) {
	t.Parallel()
	if (command.Page[string]{Cursor: "10"}).Done() {
		t.Error("a page with another cursor than 0 is done")
	}
	if !(command.Page[string]{Cursor: "0"}).Done() {
		t.Error("the page with the cursor 0 is not done")
	}
}
