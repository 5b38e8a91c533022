package upstashtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestClient(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]upstashtest.Options{
		"listener":   {Clock: fixedClock},
		"in process": {Clock: fixedClock, InProcess: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t, o)
			rdb := srv.Client()
			if rdb != srv.Client() {
				t.Error("two calls gave two clients")
			}
			const value = "\x00\xff\r\nOK"
			if err := rdb.Set(t.Context(), "k", value); err != nil {
				t.Fatal(err)
			}
			got, err := rdb.Get(t.Context(), "k")
			if err != nil || got != value {
				t.Errorf("%q, %v", got, err)
			}
			if _, err := rdb.Get(t.Context(), "absent"); !errors.Is(err, upstash.ErrNil) {
				t.Errorf("absent key: %v", err)
			}
		})
	}
}

func TestClientInsideABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := upstashtest.New(t, upstashtest.Options{InProcess: true}).Client()
		if _, err := rdb.Raw(t.Context(), "SET", "k", "v", "EX", 60); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // bubble
		if _, err := rdb.Get(t.Context(), "k"); !errors.Is(err, upstash.ErrNil) {
			t.Errorf("after a minute: %v", err)
		}
	})
}

func ExampleServer_Client() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close() // in a test, upstashtest.New(t) does all this

	ctx, rdb := context.Background(), srv.Client()
	if err := rdb.Set(ctx, "greeting", "hello"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rdb.Get(ctx, "greeting"))
	fmt.Println(srv.Meter().RoundTrips, "round trips")
	// Output:
	// hello <nil>
	// 2 round trips
}
