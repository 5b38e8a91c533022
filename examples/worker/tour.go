package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// step is a request to the Worker.
type step struct {
	what, method, path, body string
}

// outcome is what came of a step.
type outcome struct {
	step

	Status     int
	Cache      string // the header X-Cache
	RetryAfter string
	Answer     string
	RoundTrips int // to the database
	Billed     int // commands
}

// steps are the tour. The limit allows three requests.
var steps = []step{
	{"SET", http.MethodPut, "/notes/today", "hello from a Worker"},
	{"GET", http.MethodGet, "/notes/today", ""},
	{"GET of nothing", http.MethodGet, "/notes/tomorrow", ""},
	{"pipeline", http.MethodPost, "/visits/front", ""},
	{"pipeline", http.MethodPost, "/visits/back", ""},
	{"cache, a miss", http.MethodGet, "/products/42", ""},
	{"cache, a hit", http.MethodGet, "/products/42", ""},
	{"limit", http.MethodGet, "/limited/ada", ""},
	{"limit", http.MethodGet, "/limited/ada", ""},
	{"limit", http.MethodGet, "/limited/ada", ""},
	{"limit, spent", http.MethodGet, "/limited/ada", ""},
}

// tour makes the steps, and counts what each costs.
func tour(ctx context.Context, url string, srv *upstashtest.Server) ([]outcome, error) {
	var outcomes []outcome
	before := srv.Meter()
	for _, s := range steps {
		req, err := http.NewRequestWithContext(ctx, s.method, url+s.path, strings.NewReader(s.body))
		if err != nil {
			return nil, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close() // it was read
		if err != nil {
			return nil, err
		}
		after := srv.Meter()
		outcomes = append(outcomes, outcome{
			step: s, Status: resp.StatusCode, Cache: resp.Header.Get("X-Cache"), RetryAfter: resp.Header.Get("Retry-After"),
			Answer: strings.TrimSpace(string(body)), RoundTrips: after.RoundTrips - before.RoundTrips, Billed: after.Commands - before.Commands,
		})
		before = after
	}
	return outcomes, nil
}

func report(w io.Writer, outcomes []outcome, p program) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "\trequest\tstatus\tanswer\tround trips\tbilled")
	for _, o := range outcomes {
		answer := o.Answer
		if o.Cache != "" {
			answer += " (" + o.Cache + ")"
		}
		if o.RetryAfter != "" {
			answer += " (again in " + o.RetryAfter + "s)"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s %s\t%d\t%s\t%d\t%d\n", o.what, o.method, o.path, o.Status, answer, o.RoundTrips, o.Billed)
	}
	_ = table.Flush()
	_, _ = fmt.Fprintf(w, "\nworker.wasm: %.2f MB, %.2f MB compressed with gzip\n", float64(p.bytes)/1e6, float64(p.gzip)/1e6)
}
