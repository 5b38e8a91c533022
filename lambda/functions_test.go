//go:build unix

package lambda_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// functions are what runs in the processes of the tests. Some have a fault
// planted, which the test of the sound one is there to see.
var functions = map[string]func(){
	"background":          func() { awslambda.Start(lambda.Wrap(background(lambda.Go), reserve)) },
	"background, planted": func() { awslambda.Start(lambda.Wrap(background(leaveBehind), reserve)) },
	"drain":               func() { awslambda.Start(lambda.Wrap(drained(false), reserve, lambda.WithDrain(drain))) },
	"drain, planted":      func() { awslambda.Start(lambda.Wrap(drained(false), reserve)) },
	"panic":               func() { awslambda.Start(lambda.Wrap(drained(true), reserve, lambda.WithDrain(drain))) },
	"panic, planted":      func() { awslambda.Start(lambda.Wrap(drained(true), reserve)) },
	"hang":                func() { awslambda.Start(lambda.Wrap(count, lambda.WithReserve(time.Hour))) },
	"hang, planted":       func() { awslambda.Start(count) },
	"freeze, hook": func() {
		rdb := upstash.Must(upstash.Shared())
		awslambda.Start(lambda.Wrap(count, lambda.WithThaw(0, rdb.CloseIdle)))
	},
	"freeze, limit": func() {
		o, err := upstash.OptionsFromEnv()
		o.HTTPClient = &http.Client{Transport: &http.Transport{IdleConnTimeout: idleLimit}}
		rdb, err2 := upstash.New(o)
		if err := errors.Join(err, err2); err != nil {
			panic(err)
		}
		awslambda.Start(lambda.Wrap(func(ctx context.Context, in input) (int64, error) { return rdb.Incr(ctx, in.Key) }))
	},
	"freeze, planted": func() { awslambda.Start(lambda.Wrap(count)) },
	"meet":            func() { awslambda.Start(lambda.Wrap(meet(false))) },
	"meet, planted":   func() { awslambda.Start(lambda.Wrap(meet(true))) },
	"stream": func() {
		awslambda.Start(lambda.HTTPHandler(http.HandlerFunc(streamed), lambda.WithFunctionURLStreaming(), lambda.WithRESTStreaming()))
	},
	"http":        func() { awslambda.Start(lambda.HTTPHandler(http.HandlerFunc(streamed))) },
	"http, raise": func() { awslambda.Start(lambda.HTTPHandler(http.HandlerFunc(streamed), lambda.WithRaise())) },
	"stream, raise": func() {
		awslambda.Start(lambda.HTTPHandler(http.HandlerFunc(streamed), lambda.WithRaise(), lambda.WithFunctionURLStreaming()))
	},
}

// reserve is generous, because the machine of a test may be busy.
var reserve = lambda.WithReserve(500 * time.Millisecond)

// idleLimit stands for the 10 seconds of the client's own pool.
const idleLimit = 10 * time.Millisecond

type input struct {
	Key  string `json:"key"`
	Meet string `json:"meet"` // the address of a gate
}

// count increments a key.
func count(ctx context.Context, in input) (int64, error) {
	rdb, err := upstash.Shared()
	if err != nil {
		return 0, err
	}
	return rdb.Incr(ctx, in.Key)
}

// background increments a key behind the reply.
func background(begin func(context.Context, func(context.Context))) func(context.Context, input) (string, error) {
	return func(ctx context.Context, in input) (string, error) {
		begin(ctx, func(ctx context.Context) { _ = increment(ctx, in) })
		return "replied", nil
	}
}

func leaveBehind(ctx context.Context, f func(context.Context)) { go f(context.WithoutCancel(ctx)) }

// increment does so once the test lets it.
func increment(ctx context.Context, in input) error {
	if err := knock(ctx, in.Meet); err != nil {
		return err
	}
	_, err := upstash.Must(upstash.Shared()).Incr(ctx, in.Key)
	return err
}

// drained leaves something to be drained, and maybe panics.
func drained(panics bool) func(context.Context, input) (string, error) {
	return func(_ context.Context, in input) (string, error) {
		owed <- in
		if panics {
			panic(errors.New("planned"))
		}
		return "replied", nil
	}
}

// owed is what a cache that refreshes in the background would have to do.
var owed = make(chan input, 10)

func drain(ctx context.Context) error {
	for {
		select {
		case in := <-owed:
			if err := increment(ctx, in); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// place is the global state that must not be.
var place context.Context //nolint:unused // by the planted fault only

type nameKey struct{}

// meet says its name where all invocations meet, begins work there, and returns
// the name that the work has found in its context.
func meet(planted bool) func(context.Context, input) (string, error) {
	return func(ctx context.Context, in input) (string, error) {
		ctx = context.WithValue(ctx, nameKey{}, in.Key)
		if planted {
			place = ctx
		}
		if err := knock(ctx, in.Meet); err != nil {
			return "", err
		}
		if planted {
			ctx = place
		}
		found := make(chan string, 1)
		lambda.Go(ctx, func(ctx context.Context) {
			name, _ := ctx.Value(nameKey{}).(string)
			_, err := upstash.Must(upstash.Shared()).Incr(ctx, "work:"+name)
			if err != nil {
				name = fmt.Sprint(err)
			}
			found <- name
		})
		return <-found, nil
	}
}

// knock waits until the test lets everybody in.
func knock(ctx context.Context, at string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// streamed does what the query says.
func streamed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Get("panic") == "first":
		panic("planned")
	case q.Has("cookies"):
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
	}
	if in := (input{Key: q.Get("key"), Meet: q.Get("work")}); in.Key != "" {
		lambda.Go(r.Context(), func(ctx context.Context) { _ = increment(ctx, in) })
	}
	_, _ = io.WriteString(w, "<p>first\n")
	if err := http.NewResponseController(w).Flush(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "flush:", err)
	}
	if at := q.Get("meet"); at != "" {
		if err := knock(r.Context(), at); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "knock:", err)
		}
	}
	if q.Get("panic") == "later" {
		panic("planned")
	}
	_, _ = io.WriteString(w, "second\n")
}
