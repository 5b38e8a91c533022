package upstashtest

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// execute runs commands, given as "SET k v; GET k", and returns the replies.
func execute(b *redisBackend, atomic bool, commands string) (string, error) {
	var batch [][]string
	for command := range strings.SplitSeq(commands, ";") {
		batch = append(batch, strings.Fields(command))
	}
	got, err := b.run(new(bytes.Buffer), defaultUser, batch, atomic)
	var replies strings.Builder
	for _, r := range got {
		replies.Write(r.resp)
	}
	return replies.String(), err
}

// What goes wrong fails its request, once and in words; the command is not sent
// again; the connection is not used again; and the next request is served.
func TestRedisThatMisbehaves(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		says string
		want string
	}{
		"hangs up":          {hangUp, "it closed the connection"},
		"hangs up midway":   {"$100\r\nab" + hangUp, "it closed the connection"},
		"says nothing":      {silent, "it does not answer in time"},
		"stops midway":      {"*2\r\n:1\r\n", "it does not answer in time"},
		"speaks RESP3":      {"%1\r\n+a\r\n+b\r\n", "it does not answer in RESP2"},
		"speaks HTTP":       {"HTTP/1.1 400 Bad Request\r\n\r\n", "it does not answer in RESP2"},
		"promises too much": {"$99999999999\r\nx", "it does not answer in RESP2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFakeRedis(t, func(command string) string {
				if strings.HasPrefix(command, "INCR") {
					return tt.says
				}
				return "+PONG\r\n"
			})
			b := fake.backend(t, "")
			for i, commands := range []string{"INCR k", "PING; INCR k; PING"} {
				want := "ERR the Redis at " + fake.addr + " failed in the middle of a request, which it may have executed: " + tt.want
				_, err := execute(b, false, commands)
				if err == nil || err.Error() != want {
					t.Errorf("error %v, want %s", err, want)
				}
				if got, err := execute(b, false, "PING"); got != "+PONG\r\n" || err != nil {
					t.Errorf("the next request: %q, %v", got, err)
				}
				if n := strings.Count(strings.Join(fake.commands(), ";"), "INCR"); n != i+1 {
					t.Errorf("sent %d times after %d requests", n, i+1)
				}
			}
			if len(b.pool.inUse) != 0 {
				t.Error("connections are still in use")
			}
		})
	}
}

// A transaction is executed as a whole or not at all, and its connection serves
// again only when it is known to be out of it.
func TestRedisTransactions(t *testing.T) {
	t.Parallel()
	const aborted = "-EXECABORT Transaction discarded because of previous errors.\r\n"
	for name, tt := range map[string]struct {
		multi, queue, exec string
		replies            string
		discarded, failed  string
		kept               bool // the connection serves again
	}{
		"executed":      {multi: "+OK\r\n", queue: "+QUEUED\r\n", exec: "*2\r\n:1\r\n-ERR no\r\n", replies: ":1\r\n-ERR no\r\n", kept: true},
		"no right":      {multi: "-NOPERM no 'multi'\r\n", discarded: "NOPERM no 'multi'"},
		"not queued":    {multi: "+OK\r\n", queue: "-ERR bad\r\n", exec: aborted, discarded: "ERR bad", kept: true},
		"aborted later": {multi: "+OK\r\n", queue: "+QUEUED\r\n", exec: "-EXECABORT Transaction discarded because of: OOM full\r\n", discarded: "OOM full", kept: true},
		"exec refused":  {multi: "+OK\r\n", queue: "+QUEUED\r\n", exec: "-NOPERM no 'exec'\r\n", discarded: "NOPERM no 'exec'"},
		"too few":       {multi: "+OK\r\n", queue: "+QUEUED\r\n", exec: "*1\r\n:1\r\n", failed: "it does not answer in RESP2"},
		"nil":           {multi: "+OK\r\n", queue: "+QUEUED\r\n", exec: "*-1\r\n", failed: "it does not answer in RESP2"},
		"cut":           {multi: "+OK\r\n", queue: "+QUEUED\r\n", exec: "*2\r\n:1\r\n" + hangUp, failed: "it closed the connection"},
		"no exec":       {multi: "+OK\r\n", queue: "+QUEUED\r\n", exec: silent, failed: "it does not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFakeRedis(t, func(command string) string {
				switch command {
				case "MULTI":
					return tt.multi
				case "EXEC":
					return tt.exec
				case "PING":
					return "+PONG\r\n"
				}
				return tt.queue
			})
			b := fake.backend(t, "")
			replies, err := execute(b, true, "INCR a; INCR b")
			var discarded *discardedError
			switch {
			case tt.discarded != "":
				if !errors.As(err, &discarded) || discarded.reason != tt.discarded {
					t.Errorf("error %v", err)
				}
			case tt.failed != "":
				if err == nil || errors.As(err, &discarded) || !strings.HasSuffix(err.Error(), tt.failed) {
					t.Errorf("error %v", err)
				}
			case err != nil || replies != tt.replies:
				t.Errorf("%q, %v", replies, err)
			}
			if strings.HasPrefix(tt.multi, "-") && len(fake.commands()) != 1 {
				t.Errorf("sent %q without a transaction", fake.commands())
			}
			if got, err := execute(b, false, "PING"); got != "+PONG\r\n" || err != nil {
				t.Errorf("the next request: %q, %v", got, err)
			}
			if accepted, _, _ := fake.connections(); (accepted == 1) != tt.kept {
				t.Errorf("%d connections, want the first one kept: %t", accepted, tt.kept)
			}
		})
	}
}

// What REST refuses, and what is known without Redis, does not reach it.
func TestWhatRedisDoesNotGet(t *testing.T) {
	t.Parallel()
	fake := newFakeRedis(t, func(string) string { return "+it heard\r\n" })
	b := fake.backend(t, "")
	commands := "BLPOP q 0; XREAD BLOCK 0 STREAMS s $; MULTI; EXEC; DISCARD; WATCH k; SUBSCRIBE c; SELECT 1; HELLO 3; CLIENT KILL x;" +
		"SHUTDOWN; MONITOR; QUIT; RESET; POST / HTTP/1.1; host: x; SCRIPT DEBUG YES; ; ACL WHOAMI; ACL SETUSER eve on; DELEX; DIGEST;" +
		"SET k v IFEQ x NX; SET k v IFEQ x EX 0; DELEX k IFEQ; DELEX k IFEQ a b; SET " + strings.Repeat("k", 40<<10) + " v"
	replies, err := execute(b, false, commands)
	if err != nil || strings.Contains(replies, "it heard") || len(fake.commands()) > 0 {
		t.Errorf("%v, heard %q, replied\n%s", err, fake.commands(), replies)
	}
	if n, want := strings.Count(replies, "\r\n"), strings.Count(commands, ";")+2; n != want { // ACL WHOAMI has two lines
		t.Errorf("%d lines, want %d:\n%s", n, want, replies)
	}
	for command := range strings.SplitSeq(commands, ";") {
		switch command = strings.TrimSpace(command); {
		case command == "ACL WHOAMI", strings.HasPrefix(command, "SET k"), strings.HasPrefix(command, "DELEX k"):
			continue // it runs, whatever becomes of it
		}
		var discarded *discardedError
		if _, err := execute(b, true, "SET a 1;"+command); !errors.As(err, &discarded) {
			t.Errorf("%.40s in a transaction: %v", command, err)
		}
	}
	if heard := fake.commands(); len(heard) > 0 {
		t.Errorf("heard %q", heard)
	}

	if _, err := b.run(new(bytes.Buffer), readOnlyUser, [][]string{{"SET", "k", "v"}}, false); err != nil || len(fake.commands()) > 0 {
		t.Errorf("the user who may only read: %v, heard %q", err, fake.commands())
	}
}

// The replies that are known already keep their places among those of Redis.
func TestRedisRepliesInOrder(t *testing.T) {
	t.Parallel()
	const batch = "ECHO 1; SET k v IFEQ x NX; ECHO 2; BLPOP q 0; ECHO 3"
	fake := newFakeRedis(t, func(command string) string {
		switch command {
		case "MULTI":
			return "+OK\r\n"
		case "EXEC":
			return "*2\r\n+1\r\n+2\r\n"
		}
		return "+" + strings.TrimPrefix(command, "ECHO ") + "\r\n"
	})
	b := fake.backend(t, "")
	got, err := execute(b, false, batch)
	want := "+1\r\n-ERR syntax error\r\n+2\r\n-" + notAvailableText("BLPOP") + "\r\n+3\r\n"
	if got != want || err != nil {
		t.Errorf("%v, %q", err, got)
	}
	got, err = execute(b, true, "ECHO 1; SET k v IFEQ x NX; ECHO 2")
	if want := "+1\r\n-ERR syntax error\r\n+2\r\n"; got != want || err != nil {
		t.Errorf("%v, %q", err, got)
	}
}

// A text that came from the client cannot end a reply and begin another one.
func TestRedisRefusalsAreOneReply(t *testing.T) {
	t.Parallel()
	b := newFakeRedis(t, func(string) string { return "+it heard\r\n" }).backend(t, "")
	got, err := b.run(new(bytes.Buffer), readOnlyUser, [][]string{{"SET\r\n+OK", "x"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	if want := "-" + noPermissionText("set  +ok") + "\r\n"; string(got[0].resp) != want {
		t.Errorf("%q, want %q", got[0].resp, want)
	}
}

// A connection on which something came that nobody asked for is not used again:
// every later reply would go to the wrong request.
func TestRedisSaysTooMuch(t *testing.T) {
	t.Parallel()
	fake := newFakeRedis(t, func(command string) string {
		if command == "ECHO twice" {
			return "+one\r\n+two\r\n"
		}
		return "+PONG\r\n"
	})
	b := fake.backend(t, "")
	if got, err := execute(b, false, "ECHO twice"); got != "+one\r\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := execute(b, false, "PING"); got != "+PONG\r\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
