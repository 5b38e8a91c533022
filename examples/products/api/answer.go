package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/catalog"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/session"
)

// answer writes a value as JSON.
func (a *api) answer(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		a.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// read answers with what a data layer returned, and says in Cache-Status (RFC
// 9211) whether the cache had it.
func (a *api) read(w http.ResponseWriter, value any, hit bool, err error) {
	status := "upstash; fwd=miss"
	if hit {
		status = "upstash; hit"
	}
	w.Header().Set("Cache-Status", status)
	if err != nil {
		a.fail(w, err)
		return
	}
	a.answer(w, http.StatusOK, value)
}

// wrote answers a change. One that the cache could not be told of is made, and
// readers may see it later: 202 instead of the status.
func (a *api) wrote(w http.ResponseWriter, status int, value any, err error) {
	switch {
	case errors.Is(err, catalog.ErrUnsettled):
		a.log.Warn("a change is not settled", slog.Any("error", err))
		status = http.StatusAccepted
	case err != nil:
		a.fail(w, err)
		return
	}
	if value == nil {
		w.WriteHeader(status)
		return
	}
	a.answer(w, status, value)
}

// problem is the body of every answer that is an error.
type problem struct {
	Error string `json:"error"`
}

// fail answers with an error. What is nobody's business is in the log only.
func (a *api) fail(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, cache.ErrNotFound):
		a.answer(w, http.StatusNotFound, problem{"there is no such thing"})
	case errors.Is(err, shop.ErrName), errors.Is(err, shop.ErrPrice), errors.Is(err, shop.ErrNoCategory), errors.Is(err, errBody):
		a.answer(w, http.StatusUnprocessableEntity, problem{err.Error()})
	case errors.Is(err, shop.ErrPassword):
		a.answer(w, http.StatusUnauthorized, problem{err.Error()})
	case session.SignedOut(err):
		a.answer(w, http.StatusUnauthorized, problem{errStranger.Error()})
	case errors.Is(err, errNotEditor):
		a.answer(w, http.StatusForbidden, problem{err.Error()})
	case errors.Is(err, session.ErrUnavailable):
		a.log.Error("sessions are unavailable", slog.Any("error", err))
		a.answer(w, http.StatusServiceUnavailable, problem{"nobody can be recognized now: try again later"})
	default:
		a.log.Error("a request failed", slog.Any("error", err))
		a.answer(w, http.StatusInternalServerError, problem{"this did not work: try again later"})
	}
}
