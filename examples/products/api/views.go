package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/examples/leaderboard/board"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

// views counts how often products are looked at, on a leaderboard. A view more
// or less is no reason to fail a request.
type views struct {
	board *board.Board[productID]
	log   *slog.Logger
}

type productID string

func (v *views) count(ctx context.Context, id string) {
	if err := v.board.Submit(ctx, productID(id), 1); err != nil {
		v.log.Warn("a view was not counted", slog.Any("error", err))
	}
}

func (v *views) forget(ctx context.Context, id string) {
	if err := v.board.Remove(ctx, productID(id)); err != nil {
		v.log.Warn("the views of a product were not removed", slog.Any("error", err))
	}
}

// viewed is a line of the leaderboard.
type viewed struct {
	Rank    int64        `json:"rank"`
	Views   int64        `json:"views"`
	Product shop.Product `json:"product"`
}

const mostViewed = 10

// mostViewed answers with the products that were looked at most: two round
// trips, one for the board and one for the products.
func (a *api) mostViewed(w http.ResponseWriter, r *http.Request) {
	top, err := a.views.board.Top(r.Context(), mostViewed)
	if err != nil {
		a.fail(w, err)
		return
	}
	ids := make([]string, len(top))
	for i, e := range top {
		ids[i] = string(e.Member)
	}
	products, err := a.data.Several(r.Context(), ids)
	if err != nil {
		a.fail(w, err)
		return
	}
	list := []viewed{}
	for _, e := range top {
		if p, ok := products[string(e.Member)]; ok { // somebody may have looked for what is not there
			list = append(list, viewed{int64(len(list) + 1), e.Score, p})
		}
	}
	a.answer(w, http.StatusOK, list)
}
