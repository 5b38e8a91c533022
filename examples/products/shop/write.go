package shop

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// The tags of what is cached. Which entries carry which one is said in package
// catalog; here is which ones a change makes stale.
const (
	TagNewest     = "newest"
	TagCategories = "categories"
)

// TagProduct is the tag of one product.
func TagProduct(id string) string { return "product:" + id }

// TagCategory is the tag of the list of a category.
func TagCategory(id string) string { return "category:" + id }

// Create adds a product. The error may be one that [Change] names.
func (s *Store) Create(ctx context.Context, c Change) (Product, error) {
	p := Product{ID: rand.Text(), CreatedAt: time.Now().UTC().Truncate(time.Millisecond), Version: 1}
	if err := c.apply(&p); err != nil {
		return p, err
	}
	return p, s.write(ctx, func(tx *sql.Tx) ([]string, error) {
		if err := insert(ctx, tx, p); err != nil {
			return nil, err
		}
		return []string{TagProduct(p.ID), TagCategory(p.CategoryID), TagCategories, TagNewest}, nil
	})
}

// Update changes a product.
func (s *Store) Update(ctx context.Context, id string, c Change) (p Product, err error) {
	err = s.write(ctx, func(tx *sql.Tx) ([]string, error) {
		// The new version locks the row, so that what it was before is what it
		// was before this change, and no other.
		before, err := scan(tx.QueryRowContext(ctx,
			"UPDATE products SET version = version + 1 WHERE id = $1 RETURNING "+columns, id))
		if err != nil {
			return nil, err
		}
		p = before
		if err := c.apply(&p); err != nil {
			return nil, err
		}
		if err := hasCategory(ctx, tx, p.CategoryID); err != nil {
			return nil, err
		}
		images, err := json.Marshal(p.Images)
		if err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, "UPDATE products SET name = $1, price = $2, category_id = $3, images = $4 WHERE id = $5",
			p.Name, p.Price, p.CategoryID, string(images), p.ID)
		tags := []string{TagProduct(id), TagCategory(p.CategoryID), TagNewest}
		if p.CategoryID != before.CategoryID {
			tags = append(tags, TagCategory(before.CategoryID), TagCategories)
		}
		return tags, err
	})
	return p, err
}

// Delete removes a product.
func (s *Store) Delete(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) ([]string, error) {
		var category string
		err := tx.QueryRowContext(ctx, "DELETE FROM products WHERE id = $1 RETURNING category_id", id).Scan(&category)
		return []string{TagProduct(id), TagCategory(category), TagCategories, TagNewest}, found(err)
	})
}

func insert(ctx context.Context, tx *sql.Tx, p Product) error {
	if err := hasCategory(ctx, tx, p.CategoryID); err != nil {
		return err
	}
	images, err := json.Marshal(p.Images)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO products ("+columns+") VALUES ($1, $2, $3, $4, $5, $6, $7)",
		p.ID, p.Name, p.Price, p.CategoryID, string(images), p.CreatedAt.UnixMilli(), p.Version)
	return err
}

func hasCategory(ctx context.Context, tx *sql.Tx, id string) error {
	var one int
	err := tx.QueryRowContext(ctx, "SELECT 1 FROM categories WHERE id = $1", id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoCategory
	}
	return err
}

// write runs a change in a transaction, and has the tags that it makes stale
// committed with it.
func (s *Store) write(ctx context.Context, change func(*sql.Tx) (tags []string, err error)) error {
	done, err := s.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	tags, err := change(tx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(tags)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO stale (id, tags) VALUES ($1, $2)", rand.Text(), string(text)); err != nil {
		return err
	}
	return tx.Commit()
}

// turn waits until nobody else of this process writes. SQLite has one writer,
// and those that wait for it there try again and again until their time is over;
// here they queue. PostgreSQL needs no turns.
func (s *Store) turn(ctx context.Context) (done func(), err error) {
	if s.turns == nil {
		return func() {}, nil
	}
	select {
	case s.turns <- struct{}{}:
		return func() { <-s.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
