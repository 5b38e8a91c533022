package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A loop over messages. It ends when the context does, and says so.
func ExampleClient_Subscribe() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rdb := srv.Client()

	live := make(chan struct{})
	go func() {
		<-live // what is published before has no receiver
		for _, text := range []string{"it rains", "in Spain, too", "good night"} {
			if _, err := rdb.Publish(ctx, "news", text); err != nil {
				log.Print(err)
			}
		}
	}()

	for m, err := range rdb.Subscribe(ctx, "news") {
		switch {
		case err != nil:
			fmt.Println("ended by the context:", errors.Is(err, context.Canceled))
		case m.Kind == upstash.Subscribed:
			close(live)
		case m.Kind == upstash.Received:
			fmt.Println(m.Channel+":", m.Payload)
			if m.Payload == "good night" {
				cancel()
			}
		}
	}
	// Output:
	// news: it rains
	// news: in Spain, too
	// news: good night
	// ended by the context: true
}

// A copy of something that lives in Redis: it is loaded whenever the stream is
// live, because Redis keeps no messages for those who were away.
func ExampleClient_Subscribe_reload() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()
	if err := rdb.Set(ctx, "banner", "welcome"); err != nil {
		log.Fatal(err)
	}

	srv.Intercept(upstashtest.On("SUBSCRIBE", upstashtest.TooManyRequests(0))) // a bad start
	for m, err := range rdb.Subscribe(ctx, "changed") {
		if err != nil {
			log.Fatal(err)
		}
		switch m.Kind {
		case upstash.Gap:
			fmt.Println("interrupted:", errors.Is(m.Err, upstash.ErrRateLimited))
			continue // what is known may be old from here on
		case upstash.Subscribed, upstash.Received:
		}
		banner, err := rdb.Get(ctx, "banner")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Kind, banner)
		if m.Kind == upstash.Received {
			break
		}
		// Meanwhile, somewhere else:
		if err := rdb.Set(ctx, "banner", "sale"); err != nil {
			log.Fatal(err)
		}
		if _, err := rdb.Publish(ctx, "changed", "banner"); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// interrupted: true
	// subscribed welcome
	// received sale
}

// Every key that expires, by keyspace notifications, which a database sends when
// its notify-keyspace-events says so. Here a program publishes what it would.
func ExampleClient_PSubscribe() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	for m, err := range rdb.PSubscribe(ctx, "__keyevent@0__:*") {
		if err != nil {
			log.Fatal(err)
		}
		if m.Kind == upstash.Received {
			fmt.Println(m.Channel, m.Payload)
			break
		}
		if _, err := rdb.Publish(ctx, "__keyevent@0__:expired", "session:7"); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// __keyevent@0__:expired session:7
}

// A look at what a program really sends, for a minute at most.
func ExampleClient_Monitor() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	rdb := srv.Client()

	for e, err := range rdb.Monitor(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		if e.Kind == upstash.Received {
			fmt.Println(e.Args)
			break
		}
		if err := rdb.Set(ctx, "greeting", "hello"); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// [SET greeting hello]
}
