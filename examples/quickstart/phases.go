package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// DataLayer is what the pages of the shop call. [Products] is one, [Seed] is
// the one it is compared with.
type DataLayer interface {
	GetProduct(ctx context.Context, id string) (Product, error)
	GetProductsByCategory(ctx context.Context, id string) ([]Product, error)
	UpdateProduct(ctx context.Context, id string, change func(*Product)) (Product, error)
}

// recipe is a data layer with the store behind it.
type recipe struct {
	name  string
	layer DataLayer
	store *Store
}

// The names of the recipes.
const (
	thisPackage = "this package"
	seedsRecipe = "the seed's recipe"
)

// Row is what one phase did and cost by one recipe.
type Row struct {
	Phase, Recipe string
	Reads         int
	Hits, Misses  int // reads that did not ask the store, and that did
	Loads         int // how often the store was asked
	Usage

	byID, inList int64 // the price of the product that is changed, as it was shown
}

// demo is one run of everything, under one prefix in one database.
type demo struct {
	catalog   Catalog
	rdb       *upstash.Client
	meter     *Meter
	trail     *Trail
	namespace string
}

func newDemo(o upstash.Options, c Catalog) (*demo, error) {
	var id [6]byte
	_, _ = rand.Read(id[:]) // never fails, says its documentation
	namespace := "quickstart-" + hex.EncodeToString(id[:])
	d := &demo{catalog: c, meter: new(Meter), trail: NewTrail(namespace + ":"), namespace: namespace}
	o.Observe = d.meter.Observe
	o.Middleware = append(o.Middleware, d.trail.Middleware)
	var err error
	d.rdb, err = upstash.New(o)
	return d, err
}

// run goes through the phases and leaves the database as it was, whether they
// succeed, fail or are interrupted.
func (d *demo) run(ctx context.Context, out *printer) error {
	out.head(d.catalog)
	rows, err := d.measure(ctx, out)
	removed, cleanErr := d.trail.Clean(ctx, d.rdb)
	if err != nil && cleanErr == nil && removed > 0 {
		err = fmt.Errorf("%w; removed all %s that were written", err, plural(removed, "key", "keys"))
	}
	if err := errors.Join(err, cleanErr); err != nil {
		return err
	}
	out.summary(rows, d.changed().Name, removed)
	return out.err
}

// measure returns one row for each phase and recipe.
func (d *demo) measure(ctx context.Context, out *printer) ([]Row, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	recipes, err := d.recipes(stop)
	if err != nil {
		return nil, err
	}
	phases := []struct {
		name string
		do   func(context.Context, recipe, *Row) error
	}{
		{"cold", d.readAll},
		{"warm", d.readAll},
		{"update", d.update},
		{"again", d.readAll},
	}
	var rows []Row
	for _, phase := range phases {
		for _, r := range recipes {
			row := Row{Phase: phase.name, Recipe: r.name}
			used, asked := d.meter.Total(), r.store.Queries()
			if err := phase.do(ctx, r, &row); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", phase.name, r.name, err)
			}
			if out.err != nil {
				return nil, out.err
			}
			row.Usage, row.Loads = d.meter.Total().Minus(used), r.store.Queries()-asked
			out.row(row)
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// recipes makes both data layers, each with a store of its own.
//
// A cache that cannot reach Redis asks the store and goes on, as it should in
// a shop. Here the figures would then be about something else: stop is called.
func (d *demo) recipes(stop context.CancelCauseFunc) ([]recipe, error) {
	c, err := cache.New(d.rdb, cache.Options{
		Namespace: d.namespace,
		OnError:   func(_ context.Context, err error) { stop(err) },
	})
	if err != nil {
		return nil, err
	}
	ours, theirs := NewStore(d.catalog.Products), NewStore(d.catalog.Products)
	return []recipe{
		{thisPackage, NewProducts(c, ours), ours},
		// The prefix is as long as the one the cache puts in front of its entries.
		{seedsRecipe, &Seed{rdb: d.rdb, prefix: d.namespace + ":s:", store: theirs}, theirs},
	}, nil
}

// changed is the product whose price is changed in between.
func (d *demo) changed() Product { return d.catalog.Products[0] }

const raise = 100 // cents

func (d *demo) update(ctx context.Context, r recipe, _ *Row) error {
	_, err := step(ctx, func(ctx context.Context) (Product, error) {
		return r.layer.UpdateProduct(ctx, d.changed().ID, func(p *Product) { p.Price += raise })
	})
	return err
}

// readAll reads every product and every category, one after the other.
func (d *demo) readAll(ctx context.Context, r recipe, row *Row) error {
	changed := d.changed()
	for _, p := range d.catalog.Products {
		got, err := read(ctx, r, row, p.ID, r.layer.GetProduct)
		if err != nil {
			return err
		}
		if p.ID == changed.ID {
			row.byID = got.Price
		}
	}
	for _, category := range d.catalog.Categories {
		list, err := read(ctx, r, row, category.ID, r.layer.GetProductsByCategory)
		if err != nil {
			return err
		}
		for _, p := range list {
			if p.ID == changed.ID {
				row.inList = p.Price
			}
		}
	}
	want := r.store.Price(changed.ID)
	if row.byID != want || row.inList != want {
		return fmt.Errorf("%s is shown for %s by id and %s in its category: expected %s",
			changed.Name, money(row.byID), money(row.inList), money(want))
	}
	return nil
}

// read makes one read and counts whether it was a hit.
func read[T any](ctx context.Context, r recipe, row *Row, id string, get func(context.Context, string) (T, error)) (T, error) {
	asked := r.store.Queries()
	value, err := step(ctx, func(ctx context.Context) (T, error) { return get(ctx, id) })
	row.Reads++
	if r.store.Queries() == asked {
		row.Hits++
	} else {
		row.Misses++
	}
	return value, err
}

// step does one thing unless the run has ended. An interrupt does not reach
// into it: once it returned, nothing is on its way to the database any more, and
// no write can come behind the cleanup. [upstash.Options.Timeout] bounds it.
func step[T any](ctx context.Context, do func(context.Context) (T, error)) (T, error) {
	var zero T
	if ctx.Err() != nil {
		return zero, context.Cause(ctx)
	}
	value, err := do(context.WithoutCancel(ctx))
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return value, err
}
