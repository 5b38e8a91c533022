package shop

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// columns are those that scan reads.
const columns = "id, name, price, category_id, images, created_at, version"

// Product returns one product. The error is a [cache.ErrNotFound] where there
// is none, as that of the other methods is, so that they serve as loaders.
func (s *Store) Product(ctx context.Context, id string) (Product, error) {
	return scan(s.db.QueryRowContext(ctx, "SELECT "+columns+" FROM products WHERE id = $1", id))
}

// ProductsOf returns the products of a category, the newest first.
func (s *Store) ProductsOf(ctx context.Context, category string) ([]Product, error) {
	var one int
	err := s.db.QueryRowContext(ctx, "SELECT 1 FROM categories WHERE id = $1", category).Scan(&one)
	if err != nil {
		return nil, found(err)
	}
	return s.list(ctx, "SELECT "+columns+" FROM products WHERE category_id = $1 ORDER BY created_at DESC, id", category)
}

// newest is how many products a page of all of them shows.
const newest = 50

// Newest returns the 50 newest products. The key is of no account: it makes the
// method a loader.
func (s *Store) Newest(ctx context.Context, _ string) ([]Product, error) {
	return s.list(ctx, "SELECT "+columns+" FROM products ORDER BY created_at DESC, id LIMIT $1", newest)
}

// Categories returns all categories and how many products are in each.
func (s *Store) Categories(ctx context.Context, _ string) ([]Category, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT c.id, c.name, COUNT(p.id) FROM categories c
		LEFT JOIN products p ON p.category_id = c.id GROUP BY c.id, c.name ORDER BY c.id`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := []Category{}
	for rows.Next() {
		var c Category
		if err := rows.Scan(&c.ID, &c.Name, &c.Products); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

func (s *Store) list(ctx context.Context, query string, args ...any) ([]Product, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := []Product{} // without products it is still a list, not null
	for rows.Next() {
		p, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// row is a [sql.Row] or the current one of [sql.Rows].
type row interface{ Scan(dest ...any) error }

func scan(r row) (p Product, err error) {
	var images string
	var created int64
	if err := r.Scan(&p.ID, &p.Name, &p.Price, &p.CategoryID, &images, &created, &p.Version); err != nil {
		return p, found(err)
	}
	p.CreatedAt = time.UnixMilli(created).UTC()
	return p, json.Unmarshal([]byte(images), &p.Images)
}

func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return cache.ErrNotFound
	}
	return err
}
