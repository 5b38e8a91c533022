package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Product is what the shop shows.
type Product struct {
	ID    string
	Name  string
	Price int
}

// deploy is the warm-up of a deployment.
func deploy(ctx context.Context, d upstash.Doer, s settings, stdout, stderr io.Writer) error {
	c, err := cache.New(d, cache.Options{Namespace: "warm-example"})
	if err != nil {
		return err
	}
	products := cache.Of[Product](c, cache.ViewOptions{Prefix: "product:", TTL: time.Hour, Tags: []string{"products", "catalog"}})
	after, err := placeIn(s.resume)
	if err != nil {
		return err
	}
	bar := progressbar.NewOptions(s.products,
		progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("warming"),
		progressbar.OptionShowCount(), progressbar.OptionOnCompletion(func() { _, _ = fmt.Fprintln(stderr) }))
	skipped := 0
	if after != "" {
		n, err := strconv.Atoi(after)
		if err != nil {
			return fmt.Errorf("%s: expected the id of a product: %w", s.resume, err)
		}
		skipped = n + 1
	}
	var keepErr error
	report, err := products.Warm(ctx, ids(s.products), readProducts, cache.WarmOptions{
		DryRun: s.dryRun, BatchKeys: s.batch, After: after,
		Progress: func(r cache.WarmReport) {
			keepErr = errors.Join(keepErr, keepPlace(s, r), bar.Set(skipped+r.Keys))
		},
	})
	if err := errors.Join(err, keepErr); err != nil {
		return fmt.Errorf("%d of %d products are looked at: %w", skipped+report.Keys, s.products, err)
	}
	return printCost(stdout, report, 2)
}

// ids names all products, in the same order each time.
func ids(n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(strconv.Itoa(i)) {
				return
			}
		}
	}
}

// readProducts stands for one query: SELECT ... WHERE id IN (...).
func readProducts(_ context.Context, ids []string) (map[string]Product, error) {
	found := make(map[string]Product, len(ids))
	for _, id := range ids {
		n, err := strconv.Atoi(id)
		if err != nil {
			return nil, err
		}
		found[id] = Product{ID: id, Name: "Product " + id, Price: 100 + n%50}
	}
	return found, nil
}

// printCost says what the warm-up took, and what the recipe that it replaces takes
// for as many: a SET, and then a SADD and an EXPIRE for each tag.
func printCost(out io.Writer, r cache.WarmReport, tags int) error {
	how := ""
	if r.Estimated {
		how = " (estimated: nothing was written)"
	}
	_, err := fmt.Fprintf(out, `%d products: %d stored, %d were fresh, in %d batches, %d bytes%s
                     round trips  billed commands
this package         %11d  %15d
the seed's recipe    %11d  %15d
`, r.Keys, r.Stored, r.Fresh, r.Batches, r.Bytes, how, r.Cost.RoundTrips, r.Cost.Commands, 2*r.Keys, r.Keys*(1+2*tags))
	return err
}

// placeIn reads where an earlier run ended, if there was one.
func placeIn(file string) (after string, err error) {
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // the user names it
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

// keepPlace writes how far the warm-up is. A run that is through needs no place.
func keepPlace(s settings, r cache.WarmReport) error {
	switch {
	case s.resume == "" || s.dryRun:
		return nil
	case r.After == strconv.Itoa(s.products-1):
		err := os.Remove(s.resume)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.WriteFile(s.resume, []byte(r.After+"\n"), 0o600)
}
