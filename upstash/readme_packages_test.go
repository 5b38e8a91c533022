package upstash_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
)

func readmeLimits(ctx context.Context, _ *testing.T) error {
	rdb, err := upstash.FromEnv()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()

	limiter, err := ratelimit.New(rdb, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute)})
	if err != nil {
		return err
	}
	r, err := limiter.Allow(ctx, "user:1") // one round trip; none for who is known to be refused
	if err != nil || !r.Allowed || r.Remaining != 99 {
		return fmt.Errorf("%+v, %w", r, err)
	}

	limit, err := httplimit.New(limiter, httplimit.Options{}) // 429, Retry-After, RateLimit and RateLimit-Policy
	if err != nil {
		return err
	}
	handler := limit.Handler(mux)

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody))
	if w.Code != http.StatusNotFound || w.Header().Get("RateLimit") == "" {
		return fmt.Errorf("status %d, header %v", w.Code, w.Header())
	}
	return nil
}

func readmeLocks(ctx context.Context, _ *testing.T) error {
	rdb, err := upstash.FromEnv()
	if err != nil {
		return err
	}
	var sent string
	send := func(ctx context.Context, invoice string) error {
		sent = invoice
		return ctx.Err()
	}

	locks, err := lock.New(rdb, lock.Options{TTL: 30 * time.Second})
	if err != nil {
		return err
	}
	err = locks.With(ctx, "invoice:7", func(ctx context.Context, lease *lock.Lease) error {
		return send(ctx, "invoice:7") // nobody else does this now, as long as ctx lives
	})
	if err != nil || sent != "invoice:7" {
		return fmt.Errorf("sent %q, %w", sent, err)
	}
	return nil
}

// lambdaRuntime stands for package lambda of aws-lambda-go, which only package
// lambda and the examples import. It has one event for the handler.
type lambdaRuntime struct {
	ctx    context.Context //nolint:containedctx // of the one event
	answer string
	err    error
}

func (r *lambdaRuntime) Start(handler func(context.Context, json.RawMessage) (*lambda.Response, error)) {
	event := `{"version": "2.0", "rawPath": "/", "requestContext": {"domainName": "a.lambda-url.us-east-1.on.aws", "http": {"method": "GET", "sourceIp": "203.0.113.9"}}}`
	response, err := handler(r.ctx, json.RawMessage(event))
	if r.err = err; err != nil {
		return
	}
	text, err := io.ReadAll(response)
	r.answer, r.err = string(text), err
}

func readmeLambda(ctx context.Context, _ *testing.T) error {
	rdb, err := upstash.FromEnv()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	awslambda := &lambdaRuntime{ctx: ctx}

	awslambda.Start(lambda.HTTPHandler(mux)) // events of REST and HTTP APIs, function URLs and load balancers
	if awslambda.err != nil || !strings.Contains(awslambda.answer, `"statusCode":418`) {
		return fmt.Errorf("answer %s, %w", awslambda.answer, awslambda.err)
	}

	handle := lambda.Wrap(func(ctx context.Context, _ struct{}) (string, error) {
		lambda.Go(ctx, func(ctx context.Context) {
			_, _ = rdb.Incr(ctx, "views:42") // done before the environment freezes; a count is not worth failing for
		})
		return "a product", nil
	})
	if _, err := handle(ctx, struct{}{}); err != nil {
		return err
	}
	views, err := rdb.Get(ctx, "views:42")
	if err != nil || views != "1" {
		return fmt.Errorf("%q views, %w", views, err)
	}
	return nil
}
