package shop

import (
	"errors"
	"strings"
	"time"
)

// Product is one thing to sell.
type Product struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Price      int64     `json:"price"` // in cents
	CategoryID string    `json:"categoryId"`
	Images     []string  `json:"images"`
	CreatedAt  time.Time `json:"createdAt"` // to the millisecond
	Version    int64     `json:"version"`   // 1, and one more with every change
}

// Category groups products.
type Category struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Products int64  `json:"products"` // how many there are in it
}

// Change is what an update replaces. What is nil stays.
type Change struct {
	Name       *string   `json:"name"`
	Price      *int64    `json:"price"`
	CategoryID *string   `json:"categoryId"`
	Images     *[]string `json:"images"`
}

// Errors of a change. They say what to send instead, for whoever sent it.
var (
	ErrName       = errors.New("name: expected 1 to 200 characters")
	ErrPrice      = errors.New("price: expected cents, from 0 to 100000000")
	ErrNoCategory = errors.New("categoryId: there is no such category: see /api/categories")
)

const (
	longestName = 200
	maxPrice    = 1e8
)

func (c Change) apply(p *Product) error {
	if c.Name != nil {
		p.Name = strings.TrimSpace(*c.Name)
	}
	if c.Price != nil {
		p.Price = *c.Price
	}
	if c.CategoryID != nil {
		p.CategoryID = *c.CategoryID
	}
	if c.Images != nil {
		p.Images = *c.Images
	}
	if p.Images == nil {
		p.Images = []string{}
	}
	switch {
	case p.Name == "" || len([]rune(p.Name)) > longestName:
		return ErrName
	case p.Price < 0 || p.Price > maxPrice:
		return ErrPrice
	}
	return nil
}
