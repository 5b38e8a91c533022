package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// Store stands for the shop's own database, which a cache is there to spare. It
// counts how often it is asked.
type Store struct {
	mu       sync.Mutex
	products map[string]Product
	queries  int
}

// NewStore returns a database that holds the products.
func NewStore(products []Product) *Store {
	s := &Store{products: make(map[string]Product, len(products))}
	for _, p := range products {
		s.products[p.ID] = p
	}
	return s
}

// Product returns one product. The error is a [cache.ErrNotFound] where there is none.
func (s *Store) Product(_ context.Context, id string) (Product, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries++
	return s.find(id)
}

// Category returns the products of a category, the newest first.
func (s *Store) Category(_ context.Context, id string) ([]Product, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries++
	list := []Product{} // without products it is still a list, not null
	for _, p := range s.products {
		if p.CategoryID == id {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Product) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// Update changes a product and returns it as it was and as it is.
func (s *Store) Update(_ context.Context, id string, change func(*Product)) (before, after Product, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, err = s.find(id); err != nil {
		return before, after, err
	}
	after = before
	change(&after)
	s.products[id] = after
	return before, after, nil
}

// Queries is how often products were read.
func (s *Store) Queries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queries
}

// Price is the price of a product now; asking for it does not count.
func (s *Store) Price(id string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.products[id].Price
}

func (s *Store) find(id string) (Product, error) {
	p, found := s.products[id]
	if !found {
		return Product{}, fmt.Errorf("product %q: %w", id, cache.ErrNotFound)
	}
	return p, nil
}
