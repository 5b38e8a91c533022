package shop

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Fill puts a few categories and so many products into an empty database, and
// leaves one alone that has products: for demonstrations and tests.
func (s *Store) Fill(ctx context.Context, products int) error {
	var n int
	if err := s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM products").Scan(&n); err != nil || n > 0 {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) ([]string, error) {
		for _, c := range demoCategories {
			_, err := tx.ExecContext(ctx, "INSERT INTO categories (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", c.ID, c.Name)
			if err != nil {
				return nil, err
			}
		}
		tags := []string{TagCategories, TagNewest}
		first := time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)
		for i := range products {
			c := demoCategories[i%len(demoCategories)]
			p := Product{
				ID:         fmt.Sprintf("p%03d", i+1),
				Name:       fmt.Sprintf("%s %s", demoWords[i%len(demoWords)], c.thing),
				Price:      int64(490 + i*37%5000),
				CategoryID: c.ID,
				Images:     []string{fmt.Sprintf("https://example.com/images/p%03d.jpg", i+1)},
				CreatedAt:  first.Add(time.Duration(i) * time.Hour),
				Version:    1,
			}
			if err := insert(ctx, tx, p); err != nil {
				return nil, err
			}
			tags = append(tags, TagProduct(p.ID))
		}
		for _, c := range demoCategories {
			tags = append(tags, TagCategory(c.ID))
		}
		return tags, nil
	})
}

var demoCategories = []struct{ ID, Name, thing string }{
	{"audio", "Audio", "Headphones"}, {"coffee", "Coffee & Tea", "Kettle"}, {"desk", "Desk", "Lamp"},
	{"garden", "Garden", "Trowel"}, {"kitchen", "Kitchen", "Pan"}, {"outdoor", "Outdoor", "Tent"},
}

var demoWords = []string{"Small", "Large", "Folding", "Copper", "Green", "Quiet", "Light"}
