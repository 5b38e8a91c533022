package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/seed-9937a0e6/upstash-go/examples/leaderboard/board"
)

// story asks the board and prints what it says. After its first error it does
// nothing more.
type story struct {
	ctx   context.Context
	out   io.Writer
	board *board.Board[Player]
	err   error
}

// cast is who the story looks at.
type cast struct {
	who    Player
	radius int
}

// tell asks for everything once.
func (s *story) tell(c cast) {
	s.list("The first three; who had the 1500 and the 1200 first stands above:", func() ([]board.Entry[Player], error) {
		return s.board.Top(s.ctx, 3)
	})
	s.list("The second page of three:", func() ([]board.Entry[Player], error) {
		return s.board.Page(s.ctx, 2, 3)
	})
	s.list(fmt.Sprintf("Around %s, whose 700 did not beat the 900, in one round trip:", c.who), func() ([]board.Entry[Player], error) {
		return s.board.Around(s.ctx, c.who, c.radius)
	})
	percent, err := s.board.Percentile(s.ctx, c.who)
	s.do(err)
	shared, err := s.board.Shared(s.ctx, "dan")
	s.do(err)
	s.printf("%s is among the first %.0f %%; dan shares rank %d with ann.\n", c.who, percent, shared)

	if err := s.board.Submit(s.ctx, c.who, 1<<33); !errors.Is(err, board.ErrInexact) {
		s.do(fmt.Errorf("a score that has no exact place was not refused: %w", err))
	}
	s.printf("A score of 2^33 is refused: beside the time it has no exact place in a float64.\n")
	gone, err := s.board.Trim(s.ctx, 5)
	s.do(err)
	s.printf("Trimmed to five: %d are off the board.\n", gone)
}

func (s *story) list(title string, ask func() ([]board.Entry[Player], error)) {
	if s.err != nil {
		return
	}
	entries, err := ask()
	s.do(err)
	s.printf("%s\n", title)
	for _, e := range entries {
		s.printf("%4d. %-5s %5d\n", e.Rank, e.Member, e.Score)
	}
	s.printf("\n")
}

func (s *story) do(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *story) printf(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.out, format, args...)
	}
}
