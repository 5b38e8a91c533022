package upstash_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Many small counters fit into one string: here two for each player, of one byte
// and of three. A counter is named once, and one command changes several.
func ExampleClient_BitField() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	lives := command.Unsigned(8).At(0)
	score := command.Unsigned(24).At(8)
	if _, err := rdb.BitField(ctx, "player:1", lives.Set(3), score.Set(900)); err != nil {
		log.Fatal(err)
	}
	for range 4 {
		// A player without lives loses none, and hears of it.
		results, err := rdb.BitField(ctx, "player:1",
			lives.IncrBy(-1).OnOverflow(command.BitFail),
			score.IncrBy(50),
		)
		if err != nil {
			log.Fatal(err)
		}
		if left := results[0]; left.Valid {
			fmt.Println("lives:", left.V, "score:", results[1].V)
		} else {
			fmt.Println("game over, score:", results[1].V)
		}
	}
	// Output:
	// lives: 2 score: 950
	// lives: 1 score: 1000
	// lives: 0 score: 1050
	// game over, score: 1100
}
