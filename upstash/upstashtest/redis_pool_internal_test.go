package upstashtest

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// There are never more connections than allowed, and that many are used.
func TestRedisPoolIsBounded(t *testing.T) {
	t.Parallel()
	var waiting atomic.Int64
	full := make(chan struct{})
	fake := newFakeRedis(t, func(string) string {
		if waiting.Add(1) == redisConns {
			close(full)
		}
		<-full // until as many requests are under way as there may be
		return "+PONG\r\n"
	})
	b := fake.backend(t, "")
	b.pool.replyTimeout = time.Minute
	var wg sync.WaitGroup
	for range 10 * redisConns {
		wg.Go(func() {
			if got, err := execute(b, false, "PING"); got != "+PONG\r\n" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	wg.Wait()
	if accepted, open, most := fake.connections(); most != redisConns || accepted != redisConns || open != redisConns {
		t.Errorf("%d connections, %d open, %d at the same time; want %d", accepted, open, most, redisConns)
	}
	b.close()
	if _, err := execute(b, false, "PING"); err == nil || !strings.Contains(err.Error(), "the server is closed") {
		t.Errorf("after close: %v", err)
	}
}

// Close closes the idle connections.
func TestRedisPoolCloses(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	fake := newFakeRedis(t, func(string) string { return "+PONG\r\n" })
	b := fake.backend(t, "")
	if _, err := execute(b, false, "PING"); err != nil {
		t.Fatal(err)
	}
	c := b.pool.idle[0]
	b.close()
	go func() {
		defer close(gone)
		_, _ = io.Copy(io.Discard, c.conn) // ends at once when the connection is closed
	}()
	<-gone
	if len(b.pool.idle) != 0 {
		t.Errorf("%d are idle", len(b.pool.idle))
	}
}

func TestRedisLogin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		userinfo string
		refuses  string // what the server says to AUTH
		sent     []string
		want     string // the error
	}{
		"none":      {"", "", []string{"PING"}, ""},
		"password":  {":s3cret@", "", []string{"AUTH s3cret", "PING"}, ""},
		"user":      {"eve:s3cret@", "", []string{"AUTH eve s3cret", "PING"}, ""},
		"user only": {"eve@", "", []string{"AUTH eve ", "PING"}, ""},
		"refused":   {"eve:s3cret@", "-WRONGPASS invalid username-password pair\r\n", []string{"AUTH eve s3cret"}, "it refuses the login: WRONGPASS invalid username-password pair"},
		"hangs up":  {":s3cret@", hangUp, []string{"AUTH s3cret"}, "it closed the connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFakeRedis(t, func(command string) string {
				if strings.HasPrefix(command, "AUTH") && tt.refuses != "" {
					return tt.refuses
				}
				return "+OK\r\n"
			})
			_, err := execute(fake.backend(t, tt.userinfo), false, "PING")
			if diff := cmp.Diff(tt.sent, fake.commands()); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			want := ""
			if tt.want != "" {
				want = fmt.Sprintf("ERR the Redis at %s cannot be used: %s", fake.addr, tt.want)
			}
			if got := fmt.Sprint(err); err != nil && got != want || err == nil && want != "" {
				t.Errorf("error %s, want %s", got, want)
			}
		})
	}
}
