package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strconv"
	"sync"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Goroutines that know nothing of each other share their round trips.
func ExampleAuto() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx := context.Background()

	rdb := upstash.Over(pipeline.Auto(srv.Client(), pipeline.AutoOptions{}))
	var wg sync.WaitGroup
	for i := range 500 {
		wg.Go(func() {
			if err := rdb.Set(ctx, "user:"+strconv.Itoa(i), "Ada"); err != nil {
				log.Fatal(err)
			}
		})
	}
	wg.Wait()
	m := srv.Meter()
	fmt.Println(m.Commands, "billed commands, a tenth of the round trips or less:", m.RoundTrips <= 50)
	// Output:
	// 500 billed commands, a tenth of the round trips or less: true
}

// What WATCH is for over TCP: compute a value from the one before, and lose
// nobody's change.
func ExampleUpdate() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	spend := func(amount int) func(string, bool) (string, error) {
		return func(old string, exists bool) (string, error) {
			if !exists {
				old = "100"
			}
			balance, err := strconv.Atoi(old)
			if err == nil && balance < amount {
				err = errors.New("not enough")
			}
			return strconv.Itoa(balance - amount), err
		}
	}
	fmt.Println(pipeline.Update(ctx, rdb, "balance", spend(70), pipeline.UpdateOptions{}))
	_, err = pipeline.Update(ctx, rdb, "balance", spend(70), pipeline.UpdateOptions{})
	fmt.Println(err)
	fmt.Println(rdb.Get(ctx, "balance"))
	// Output:
	// 30 <nil>
	// not enough
	// 30 <nil>
}

func ExampleUpdateJSON() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	type cart struct{ Items []string }
	add := func(old cart, _ bool) (cart, error) {
		old.Items = append(old.Items, "tea")
		return old, nil
	}
	for range 2 {
		if _, err := pipeline.UpdateJSON(ctx, rdb, "cart:1", add, pipeline.UpdateOptions{}); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(rdb.Get(ctx, "cart:1"))
	// Output:
	// {"Items":["tea","tea"]} <nil>
}

// A large pipeline is sent as several requests. When one of them fails, the
// error says how far they came.
func ExamplePartialError() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()
	srv.Intercept(upstashtest.After(1, upstashtest.ExecuteThenDrop)) // the second request

	p := pipeline.NewWith(rdb, pipeline.Options{MaxCommands: 2})
	var visits []*pipeline.Queued[int64]
	for range 6 {
		visits = append(visits, p.Incr("visits"))
	}
	err = p.Exec(ctx)
	if partial, ok := errors.AsType[*pipeline.PartialError](err); ok {
		fmt.Println(partial.Answered, "answered,", partial.Failed, "in the failed request,", partial.NotSent, "not sent")
		fmt.Println("may have run:", upstash.OutcomeUnknown(partial.Err))
	}
	fmt.Println(visits[1].Val(), visits[2].Err() != nil, errors.Is(visits[5].Err(), pipeline.ErrNotExecuted))
	fmt.Println(upstash.Exec(ctx, rdb, command.Get("visits")))
	// Output:
	// 2 answered, 2 in the failed request, 2 not sent
	// may have run: true
	// 2 true true
	// 4 <nil>
}
