package upstash_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// byHand is the floor: the same call with net/http and encoding/json, as people
// write it who have no SDK.
func byHand(ctx context.Context, client *http.Client, url, token, key string) (string, error) {
	body, err := json.Marshal([]string{"GET", key})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Upstash-Encoding", "base64")
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	var reply struct{ Result, Error string }
	if err := json.Unmarshal(data, &reply); err != nil {
		return "", err
	}
	text, err := base64.StdEncoding.DecodeString(reply.Result)
	return string(text), err
}

// loopback answers every request on every connection with the same bytes, and
// allocates nothing for it: what is counted is the client.
func loopback(tb testing.TB) (url string) {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = listener.Close() })
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nUpstash-Sync-Token: AAEAAAAAAAA=\r\nContent-Length: 21\r\n\r\n" + `{"result":"aGVsbG8="}`
	serve := func(c net.Conn) {
		defer c.Close()
		in := bufio.NewReader(c)
		bytesOf := []byte(answer)
		for {
			length := 0
			for {
				line, err := in.ReadSlice('\n')
				if err != nil {
					return
				}
				if len(line) == 2 {
					break
				}
				if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
					for _, digit := range bytes.TrimSpace(value) {
						length = length*10 + int(digit-'0')
					}
				}
			}
			if _, err := in.Discard(length); err != nil {
				return
			}
			if _, err := c.Write(bytesOf); err != nil {
				return
			}
		}
	}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return "http://" + listener.Addr().String()
}

// ways are the two things to compare: each makes one GET over a kept connection.
func ways(tb testing.TB) (hand, client func() error) {
	tb.Helper()
	url := loopback(tb)
	rdb, err := upstash.New(upstash.Options{URL: url, Token: testToken})
	if err != nil {
		tb.Fatal(err)
	}
	plain := &http.Client{Transport: &http.Transport{}}
	tb.Cleanup(func() { rdb.CloseIdle(); plain.CloseIdleConnections() })
	ctx := tb.Context()
	hand = func() error { _, err := byHand(ctx, plain, url, testToken, "greeting"); return err }
	client = func() error { _, err := rdb.Get(ctx, "greeting"); return err }
	return hand, client
}

// TestAllocationsAboveTheFloor: a GET allocates at most 20 times more than by
// hand. The smallest of several runs is what it needs; net/http has pools.
func TestAllocationsAboveTheFloor(t *testing.T) { //nolint:paralleltest // it counts allocations of the process
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	hand, client := ways(t)
	fewest := func(f func() error) float64 {
		least := testing.AllocsPerRun(1, func() { must(t, f()) })
		for range 10 {
			least = min(least, testing.AllocsPerRun(100, func() { must(t, f()) }))
		}
		return least
	}
	floor, ours := fewest(hand), fewest(client)
	t.Logf("allocations of a GET: %.0f by hand, %.0f through the client", floor, ours)
	if ours > floor+20 {
		t.Errorf("%.0f allocations, by hand %.0f: more than 20 above", ours, floor)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkFloor reports how long a GET takes compared with one by hand, call
// by call in one run, because machines are shared.
func BenchmarkFloor(b *testing.B) {
	hand, client := ways(b)
	measure := func(f func() error) time.Duration {
		start := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	var floor, ours time.Duration
	for b.Loop() {
		floor += measure(hand)
		ours += measure(client)
	}
	b.ReportMetric(float64(ours)/float64(floor), "x-by-hand")
}
