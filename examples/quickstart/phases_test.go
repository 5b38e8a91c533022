package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// The price of everything, for n reads and a change that invalidates two of them.
func TestFigures(t *testing.T) {
	t.Parallel()
	shippedCatalog, err := readCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		catalog Catalog
	}{{"shipped catalog", shippedCatalog}, {"small catalog", smallCatalog(t)}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t)
			d, err := newDemo(upstash.Options{URL: srv.URL, Token: srv.Token}, tt.catalog)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := d.measure(t.Context(), silent())
			if err != nil {
				t.Fatal(err)
			}

			n := len(tt.catalog.Products) + len(tt.catalog.Categories)
			cold := Row{Phase: "cold", Reads: n, Misses: n, Loads: n}
			warm := Row{Phase: "warm", Reads: n, Hits: n}
			update := Row{Phase: "update"}
			again := Row{Phase: "again", Reads: n, Hits: n - 2, Misses: 2, Loads: 2}
			usage := func(r Row, recipe string, roundTrips, commands int) Row {
				r.Recipe, r.Usage = recipe, Usage{RoundTrips: roundTrips, Commands: commands}
				return r
			}
			want := []Row{
				// A miss looks, takes the lease and fills; each has a tag of its own to make. Two stamps are common to all.
				usage(cold, thisPackage, 3*n, 4*n+2),
				usage(cold, seedsRecipe, 3*n, 6*n),
				usage(warm, thisPackage, n, n),
				usage(warm, seedsRecipe, n, n),
				usage(update, thisPackage, 1, 1),
				usage(update, seedsRecipe, 4, 6),
				usage(again, thisPackage, n+2*2, n+2*3),
				usage(again, seedsRecipe, n+2*2, n+2*5),
			}
			bytes := cmpopts.IgnoreFields(Usage{}, "Sent", "Received")
			if diff := cmp.Diff(want, rows, bytes, cmpopts.IgnoreUnexported(Row{})); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			before, after := tt.catalog.Products[0].Price, tt.catalog.Products[0].Price+raise
			for _, r := range rows {
				switch {
				case r.Phase == "again" && (r.byID != after || r.inList != after),
					(r.Phase == "cold" || r.Phase == "warm") && (r.byID != before || r.inList != before):
					t.Errorf("%s, %s: the price is %d by id and %d in the list", r.Phase, r.Recipe, r.byID, r.inList)
				}
			}
			checkMeter(t, d, srv, rows)
		})
	}
}

// checkMeter holds the figures against those of the server, bytes included, and
// the rows against the whole.
func checkMeter(t *testing.T, d *demo, srv *upstashtest.Server, rows []Row) {
	t.Helper()
	m := srv.Meter()
	want := Usage{RoundTrips: m.RoundTrips, Commands: m.Commands, Sent: int(m.BytesIn), Received: int(m.BytesOut)}
	if diff := cmp.Diff(want, d.meter.Total()); diff != "" {
		t.Errorf("the server's meter against ours (-want +got):\n%s", diff)
	}
	var sum Usage
	for _, r := range rows {
		sum = sum.Plus(r.Usage)
	}
	if diff := cmp.Diff(want, sum); diff != "" {
		t.Errorf("the server's meter against the sum of the rows (-want +got):\n%s", diff)
	}
}

// However far the run has come when it is interrupted, or when one request
// fails, nothing is left of it.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	interrupted := errors.New("interrupted")
	type network func(stop context.CancelCauseFunc, send http.RoundTripper, r *http.Request) (*http.Response, error)
	for _, trouble := range []struct {
		name string
		meet network
	}{
		{"interrupted before", func(stop context.CancelCauseFunc, send http.RoundTripper, r *http.Request) (*http.Response, error) {
			stop(interrupted)
			return send.RoundTrip(r)
		}},
		{"interrupted behind", func(stop context.CancelCauseFunc, send http.RoundTripper, r *http.Request) (*http.Response, error) {
			defer stop(interrupted)
			return send.RoundTrip(r)
		}},
		{"request lost", func(context.CancelCauseFunc, http.RoundTripper, *http.Request) (*http.Response, error) {
			return nil, io.ErrUnexpectedEOF
		}},
		{"answer lost", func(_ context.CancelCauseFunc, send http.RoundTripper, r *http.Request) (*http.Response, error) {
			resp, err := send.RoundTrip(r)
			if err != nil {
				return nil, err
			}
			return nil, errors.Join(resp.Body.Close(), io.ErrUnexpectedEOF)
		}},
		{"refused", func(_ context.CancelCauseFunc, _ http.RoundTripper, r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusServiceUnavailable, Request: r,
				Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"error":"ERR busy"}`)),
			}, nil
		}},
	} {
		t.Run(trouble.name, func(t *testing.T) {
			t.Parallel()
			for at := 1; at <= smallRequests+1; at++ {
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
				ctx, stop := context.WithCancelCause(t.Context())
				d, err := newDemo(over(srv, func(number int, r *http.Request) (*http.Response, error) {
					if number == at {
						return trouble.meet(stop, srv.Transport(), r)
					}
					return srv.Transport().RoundTrip(r)
				}), smallCatalog(t))
				if err != nil {
					t.Fatal(err)
				}
				err = d.run(ctx, silent())
				stop(nil)
				// The last request is the cleanup, which is tried again.
				if cleaning := at == smallRequests+1; (err == nil) != cleaning {
					t.Errorf("request %d: %v", at, err)
				}
				if left := keys(t, srv); len(left) > 0 {
					t.Errorf("request %d: %d keys are left: %s", at, len(left), strings.Join(left, " "))
				}
			}
		})
	}
}

// When not even the cleanup gets through, it says where to look.
func TestSaysWhatIsLeftWhenTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	d, err := newDemo(over(srv, func(number int, r *http.Request) (*http.Response, error) {
		if number > 10 {
			return nil, errors.New("network is unreachable")
		}
		return srv.Transport().RoundTrip(r)
	}), smallCatalog(t))
	if err != nil {
		t.Fatal(err)
	}
	err = d.run(t.Context(), silent())
	if want := fmt.Sprintf("keys that begin with %s: are left in the database", d.namespace); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}

// A database that shows old data is no ground for figures.
func TestAnOldPriceIsAnError(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	d, err := newDemo(over(srv, func(_ int, r *http.Request) (*http.Response, error) {
		return srv.Transport().RoundTrip(r)
	}), smallCatalog(t))
	if err != nil {
		t.Fatal(err)
	}
	store := NewStore(d.catalog.Products)
	r := recipe{"stale", &Seed{rdb: d.rdb, prefix: d.namespace + ":s:", store: store}, store}
	if err := d.readAll(t.Context(), r, new(Row)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.Update(t.Context(), "p", func(p *Product) { p.Price = 1 }); err != nil { // behind the cache's back
		t.Fatal(err)
	}
	err = d.readAll(t.Context(), r, new(Row))
	if want := "P is shown for $12.50 by id and $12.50 in its category: expected $0.01"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}
