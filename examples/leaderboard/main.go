// Leaderboard plays a week of a game on a leaderboard in one sorted set:
//
//	go run ./examples/leaderboard
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process. The part to take along is package
// board.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/internal/database"
	"github.com/seed-9937a0e6/upstash-go/examples/leaderboard/board"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "leaderboard:", err)
		os.Exit(1)
	}
}

// Player names somebody who plays.
type Player string

// run is the program without its process.
func run(ctx context.Context, out io.Writer) (err error) {
	db, err := database.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	rdb, err := upstash.New(db.Options)
	if err != nil {
		return err
	}

	week := time.Now().UTC().Truncate(7 * 24 * time.Hour)
	now := week
	b, err := board.New[Player](rdb, board.Options{
		Key:   "example-leaderboard:" + rand.Text() + ":week",
		Mode:  board.Best,
		Ties:  &board.EarliestFirst{Start: week, Step: time.Second, Bits: 20}, // 12 days; scores below 2^33
		Ends:  week.Add(8 * 24 * time.Hour),                                   // a day to look at it
		Clock: func() time.Time { return now },                                // of the story, in place of time.Now
	})
	if err != nil {
		return err
	}
	defer func() { // the key ends by itself; a demonstration need not wait for that
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), db.Options.Timeout)
		defer cancel()
		_, failed := rdb.Del(ctx, b.Key)
		err = errors.Join(err, failed)
	}()

	_, _ = fmt.Fprintf(out, "A week on a board, on %s.\n\n", db.Where)
	s := story{ctx: ctx, out: out, board: b}
	for _, played := range []struct {
		who   Player
		score int64
	}{
		{"ann", 1200}, {"bob", 900}, {"cleo", 1500}, {"dan", 1200}, {"eve", 300},
		{"bob", 700}, {"fay", 1100}, {"eve", 1500}, {"gus", 40},
	} {
		now = now.Add(time.Hour)
		s.do(b.Submit(ctx, played.who, played.score))
	}
	s.tell(cast{who: "bob", radius: 1})
	return s.err
}
