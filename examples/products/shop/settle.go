package shop

import (
	"context"
	"encoding/json"
)

// Settle tells of every change that is committed and was not told yet, of this
// process or of one that crashed: invalidate gets the tags, and what it took is
// forgotten. When Settle returns nil, all changes that were committed before the
// call have been told of. Call it after every change, and when a program starts.
//
// Telling twice does no harm, so nobody holds a lock meanwhile.
func (s *Store) Settle(ctx context.Context, invalidate func(ctx context.Context, tags ...string) error) error {
	rows, err := s.db.QueryContext(ctx, "SELECT id, tags FROM stale")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var ids, tags []string
	seen := map[string]bool{}
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		ids = append(ids, id)
		var some []string
		if err := json.Unmarshal([]byte(text), &some); err != nil {
			return err
		}
		for _, tag := range some {
			if !seen[tag] {
				seen[tag] = true
				tags = append(tags, tag)
			}
		}
	}
	if err := rows.Err(); err != nil || len(ids) == 0 {
		return err
	}
	if err := invalidate(ctx, tags...); err != nil {
		return err
	}
	return s.forget(ctx, ids)
}

func (s *Store) forget(ctx context.Context, ids []string) error {
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
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, "DELETE FROM stale WHERE id = $1", id); err != nil {
			return err
		}
	}
	return tx.Commit()
}
