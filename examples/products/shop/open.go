package shop

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite", without C
)

// Store is the database. It is safe for concurrent use.
type Store struct {
	// Rounds is how often the passwords of AddUser are hashed. Open has it at
	// 600,000; tests take fewer.
	Rounds int

	db      *sql.DB
	turns   chan struct{} // of writers, see turn
	cleanup func() error
}

//go:embed schema.sql
var schema string

// oneAtATime makes programs that start together wait for each other: in
// PostgreSQL two CREATE TABLE IF NOT EXISTS at the same time are an error. The
// number is of no meaning; the lock ends with the statements.
const oneAtATime = "SELECT pg_advisory_xact_lock(7310518);\n"

// Open opens a database and makes its tables where they are missing: the
// PostgreSQL of a URL (postgres://...), the SQLite file of a path, or, when
// where is empty, a SQLite file that is gone after Close.
func Open(ctx context.Context, where string) (*Store, error) {
	s := &Store{Rounds: recommended, cleanup: func() error { return nil }}
	driver, source, tables := "pgx", where, oneAtATime+schema //nolint:gosec // both are constants of this package
	if !strings.HasPrefix(where, "postgres://") && !strings.HasPrefix(where, "postgresql://") {
		if where == "" {
			folder, err := os.MkdirTemp("", "products-")
			if err != nil {
				return nil, err
			}
			s.cleanup = func() error { return os.RemoveAll(folder) }
			where = filepath.Join(folder, "products.db")
		}
		driver, source, tables = "sqlite", sqlite(where), schema
		s.turns = make(chan struct{}, 1)
	}
	var err error
	if s.db, err = sql.Open(driver, source); err == nil {
		_, err = s.db.ExecContext(ctx, tables)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the shop's database cannot be opened (%s): %w", driver, err), s.Close())
	}
	return s, nil
}

// sqlite returns a data source: readers do not wait for the writer, and writers
// wait for each other instead of failing.
func sqlite(file string) string {
	options := url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + options.Encode()
}

// DB is the database itself, for what this package does not do.
func (s *Store) DB() *sql.DB { return s.db }

// Close closes the database.
func (s *Store) Close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	return errors.Join(err, s.cleanup())
}
