package upstashtest

import (
	"os"
	"strings"
	"testing"
)

// The read-only user may run what the table of all commands calls reading, but
// for those below, and nothing else.
func TestReadableCommands(t *testing.T) {
	t.Parallel()
	const heavy, script, connection, others = "walks the database", "runs scripts or tells about them",
		"belongs to a connection", "looks at users or at the server"
	refused := map[string]string{
		"KEYS": heavy, "SCAN": heavy,
		"EVAL_RO": script, "EVALSHA_RO": script, "FCALL_RO": script, "FUNCTION": script, "SCRIPT": script,
		"AUTH": connection, "CLIENT": connection, "DISCARD": connection, "HELLO": connection, "MULTI": connection,
		"PUNSUBSCRIBE": connection, "QUIT": connection, "RESET": connection, "SELECT": connection,
		"UNSUBSCRIBE": connection, "UNWATCH": connection, "WATCH": connection,
		"ACL": others, "CONFIG": others, "MONITOR": others,
	}
	table, err := os.ReadFile("../command/testdata/commands.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(table)), "\n")
	column := -1
	for i, name := range strings.Split(lines[0], "\t") {
		if name == "read_or_write" {
			column = i
		}
	}
	reads := map[string]bool{}
	for _, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		name, _, _ := strings.Cut(fields[0], " ")
		read := fields[column] == "read"
		reads[name] = reads[name] || read
		switch {
		case !read && readable[name]:
			t.Errorf("%s writes", fields[0])
		case read && !readable[name] && refused[name] == "":
			t.Errorf("%s reads", fields[0])
		case readable[name] && refused[name] != "":
			t.Errorf("%s is in both lists", name)
		}
	}
	for name := range readable {
		if !reads[name] {
			t.Errorf("%s is not in the table, or writes", name)
		}
	}
	for name := range refused {
		if !reads[name] {
			t.Errorf("%s needs no exception", name)
		}
	}
}

func TestWritesOfScripts(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq("APPEND del GETDEL GETEX GETSET HSET INCR LPUSH PUBLISH RESTORE SET SPOP XADD XREADGROUP ZADD") {
		if !isWrite(name) {
			t.Errorf("%s passes for a read", name)
		}
	}
	for name := range strings.FieldsSeq("DIGEST ECHO get HGETALL KEYS MGET SCAN TIME TYPE ZDIFF") {
		if isWrite(name) {
			t.Errorf("%s passes for a write", name)
		}
	}
}
