package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

// product answers with one product. That it was looked at is counted while the
// cache is asked, so that it takes no time; of what is not there it is taken back.
func (a *api) product(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	counted := make(chan struct{})
	go func(ctx context.Context) {
		defer close(counted)
		a.views.count(ctx, id)
	}(r.Context())
	p, hit, err := a.data.Product(r.Context(), id)
	<-counted
	if errors.Is(err, cache.ErrNotFound) {
		a.views.forget(r.Context(), id)
	}
	a.read(w, p, hit, err)
}

// products answers with those of a category, or with the newest of all.
func (a *api) products(w http.ResponseWriter, r *http.Request) {
	if category := r.URL.Query().Get("category"); category != "" {
		list, hit, err := a.data.ProductsOf(r.Context(), category)
		a.read(w, list, hit, err)
		return
	}
	list, hit, err := a.data.Newest(r.Context())
	a.read(w, list, hit, err)
}

func (a *api) categories(w http.ResponseWriter, r *http.Request) {
	list, hit, err := a.data.Categories(r.Context())
	a.read(w, list, hit, err)
}

func (a *api) create(w http.ResponseWriter, r *http.Request) {
	var c shop.Change
	if err := decode(w, r, &c); err != nil {
		a.fail(w, err)
		return
	}
	p, err := a.data.Create(r.Context(), c)
	w.Header().Set("Location", "/api/products/"+p.ID)
	a.wrote(w, http.StatusCreated, p, err)
}

func (a *api) update(w http.ResponseWriter, r *http.Request) {
	var c shop.Change
	if err := decode(w, r, &c); err != nil {
		a.fail(w, err)
		return
	}
	p, err := a.data.Update(r.Context(), r.PathValue("id"), c)
	a.wrote(w, http.StatusOK, p, err)
}

func (a *api) remove(w http.ResponseWriter, r *http.Request) {
	err := a.data.Delete(r.Context(), r.PathValue("id"))
	if err == nil {
		a.views.forget(r.Context(), r.PathValue("id"))
	}
	a.wrote(w, http.StatusNoContent, nil, err)
}

var errBody = errors.New("the body is not what was expected")

// largestBody is what a request may send.
const largestBody = 64 << 10

func decode(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errBody, err)
	}
	return nil
}
