package load

import (
	"context"
	"encoding/json"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

// history has the database itself write down every change of a product, in the
// transaction that makes it. SQLite only.
const history = `
CREATE TABLE history (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, gone INTEGER NOT NULL,
  id TEXT, name TEXT, price INTEGER, category_id TEXT, images TEXT, created_at INTEGER, version INTEGER
);
CREATE TRIGGER created AFTER INSERT ON products BEGIN
  INSERT INTO history VALUES (NULL, 0, new.id, new.name, new.price, new.category_id, new.images, new.created_at, new.version);
END;
CREATE TRIGGER changed AFTER UPDATE ON products BEGIN
  INSERT INTO history VALUES (NULL, 0, new.id, new.name, new.price, new.category_id, new.images, new.created_at, new.version);
END;
CREATE TRIGGER removed AFTER DELETE ON products BEGIN
  INSERT INTO history VALUES (NULL, 1, old.id, old.name, old.price, old.category_id, old.images, old.created_at, old.version);
END;`

// change is one of the history.
type change struct {
	gone    bool
	product shop.Product
}

// readHistory returns all changes in the order in which they were committed.
func readHistory(ctx context.Context, s *shop.Store) ([]change, error) {
	rows, err := s.DB().QueryContext(ctx, `SELECT gone, id, name, price, category_id, images, created_at, version FROM history ORDER BY seq`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []change
	for rows.Next() {
		var c change
		var images string
		var created int64
		p := &c.product
		if err := rows.Scan(&c.gone, &p.ID, &p.Name, &p.Price, &p.CategoryID, &images, &created, &p.Version); err != nil {
			return nil, err
		}
		p.CreatedAt = time.UnixMilli(created).UTC()
		if err := json.Unmarshal([]byte(images), &p.Images); err != nil {
			return nil, err
		}
		// An update is two statements of one transaction: the last one counts.
		if n := len(list); n > 0 && !c.gone && !list[n-1].gone && list[n-1].product.ID == p.ID && list[n-1].product.Version == p.Version {
			list[n-1] = c
			continue
		}
		list = append(list, c)
	}
	return list, rows.Err()
}
