package command

import (
	"strconv"
	"strings"
	"time"
)

// Command lists the commands that the server describes. Upstash describes none:
// the list is always empty there. It is not billed.
func Command() Cmd[[]Reply] { return read(Reply.replies, "COMMAND") }

// ConfigGet returns the settings whose names match any of the glob patterns.
// Upstash has one: notify-keyspace-events.
func ConfigGet(parameters ...string) Cmd[map[string]string] {
	return read(Reply.TextMap, "CONFIG", "GET", many("parameter", parameters))
}

// ConfigSet changes a setting. Upstash has one: notify-keyspace-events, which
// makes changes of keys known to the subscribers of channels like
// __keyevent@0__:expired.
func ConfigSet(parameter string, value any) Cmd[OK] {
	return idempotent(Reply.Status, "CONFIG", "SET", parameter, value)
}

// ConfigSetMany changes several settings, all or none.
func ConfigSetMany(parameters map[string]any) Cmd[OK] {
	return idempotent(Reply.Status, "CONFIG", "SET", keyed("parameter", parameters))
}

// DBSize returns the number of keys.
func DBSize() Cmd[int64] { return read(Reply.Int, "DBSIZE") }

// FlushAll deletes all keys.
func FlushAll(mode FlushMode) Cmd[OK] { return idempotent(Reply.Status, "FLUSHALL", mode.tail()) }

// FlushDB deletes all keys of the database. Upstash has one only: it is
// [FlushAll] there.
func FlushDB(mode FlushMode) Cmd[OK] { return idempotent(Reply.Status, "FLUSHDB", mode.tail()) }

// Info returns a report about the server, for [InfoFields] or for people. It is
// not billed.
func Info() Cmd[string] { return read(Reply.Text, "INFO") }

// InfoWith returns one section of the report, for example "memory".
func InfoWith(section string) Cmd[string] { return read(Reply.Text, "INFO", section) }

// InfoFields reads the lines name:value of a report of [Info].
func InfoFields(report string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(report) {
		name, value, found := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if found && !strings.HasPrefix(name, "#") {
			fields[name] = value
		}
	}
	return fields
}

// Time returns the server's time, to the microsecond.
func Time() Cmd[time.Time] { return read(Reply.serverTime, "TIME") }

func (r Reply) serverTime() (time.Time, error) {
	parts, err := r.Texts()
	if err != nil {
		return time.Time{}, err
	}
	if len(parts) != 2 {
		return time.Time{}, r.mismatch("seconds and microseconds")
	}
	seconds, err := strconv.ParseInt(parts[0], 10, 64)
	microseconds, err2 := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || err2 != nil || microseconds < 0 || microseconds >= 1e6 {
		return time.Time{}, r.mismatch("seconds and microseconds")
	}
	return time.Unix(seconds, microseconds*1000), nil
}
