package upstashtest

import (
	"strings"
	"testing"
)

// The log is bounded in requests and in bytes and keeps the newest; the meter
// goes on counting.
func TestJournalIsBounded(t *testing.T) {
	t.Parallel()
	var j journal
	for range logMaxRequests + 1 {
		j.add(Request{Commands: [][]string{{"PING"}}}, true)
	}
	if n := len(j.requests()); n != logMaxRequests {
		t.Errorf("%d requests in the log", n)
	}

	large := Request{Commands: [][]string{{"STRLEN", strings.Repeat("x", logMaxBytes/8)}}}
	for range 8 {
		j.add(large, true)
	}
	if n := len(j.requests()); n != 7 { // eight would fit without their headers
		t.Errorf("%d large requests in the log", n)
	}

	many := Request{Path: "/pipeline", Commands: make([][]string, logMaxBytes/16)}
	j.add(many, true)
	if log := j.requests(); len(log) != 1 || log[0].Path != many.Path {
		t.Errorf("%d requests in the log after one that is too large for it", len(log))
	}
	if got, want := j.total().RoundTrips, logMaxRequests+1+8+1; got != want {
		t.Errorf("%d round trips, want %d", got, want)
	}
}
