package migrating

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestNotes finds the Go of the notes in the test beside them, where it is
// compiled and run: every snippet, and every call in the last column of a table
// that is headed "here".
func TestNotes(t *testing.T) {
	t.Parallel()
	for note, test := range map[string]string{
		"go-redis.md":         "go_redis_test.go",
		"upstash-redis.md":    "upstash_redis_test.go",
		"typescript-layer.md": "typescript_layer_test.go",
	} {
		t.Run(note, func(t *testing.T) {
			t.Parallel()
			text, code := read(t, note), plain(read(t, test))
			snippets, calls := snippets(text), calls(text)
			if len(snippets) < 5 || len(calls) < 10 {
				t.Errorf("%d snippets and %d calls: are they still marked as they were?", len(snippets), len(calls))
			}
			for _, snippet := range snippets {
				if !strings.Contains(code, plain(snippet)) {
					t.Errorf("this snippet is not in %s:\n%s", test, snippet)
				}
			}
			for _, call := range calls {
				if !strings.Contains(code, call) {
					t.Errorf("this call is not in %s: %s", test, call)
				}
			}
		})
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// snippets are the fenced blocks of Go in Markdown.
func snippets(text string) (found []string) {
	for _, rest := range strings.Split(text, "```go\n")[1:] {
		snippet, _, _ := strings.Cut(rest, "```")
		found = append(found, snippet)
	}
	return found
}

// calls are the code spans in the last column of the tables headed "here".
func calls(text string) (found []string) {
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			inside = false
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		last := strings.TrimSpace(cells[len(cells)-1])
		if inside = inside || last == "here"; !inside {
			continue
		}
		for i, span := range strings.Split(last, "`") {
			if i%2 == 1 {
				found = append(found, span)
			}
		}
	}
	return found
}

// plain is code without indentation, blank lines and what speaks to linters.
func plain(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		line, _, _ = strings.Cut(line, " //nolint")
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "_ =") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// step is one call of a note, and what it returns.
type step struct {
	name string
	run  func() (any, error)
	want any
}

// play runs calls one after the other.
func play(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		got, err := s.run()
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.name, diff)
		}
	}
}

// top is the ten highest.
var top = command.ZRangeArgs{Key: "z", Min: command.Rank(0), Max: command.Rank(9), Rev: true}

// connect starts a server.
func connect(t *testing.T) (*upstash.Client, *upstashtest.Server) {
	t.Helper()
	srv := upstashtest.New(t)
	return srv.Client(), srv
}

type User struct {
	Name string `json:"name"`
}

type Product struct {
	ID         string `json:"id"`
	CategoryID string `json:"categoryId"`
	Price      int    `json:"price"`
}

// database stands for the SQL database of a shop.
type database struct {
	products map[string]Product
	queries  int
}

func (db *database) Product(_ context.Context, id string) (Product, error) {
	db.queries++
	p, has := db.products[id]
	if !has {
		return Product{}, cache.ErrNotFound
	}
	return p, nil
}

func (db *database) ProductsOf(_ context.Context, category string) (found []Product, err error) {
	db.queries++
	for _, p := range db.products {
		if p.CategoryID == category {
			found = append(found, p)
		}
	}
	return found, nil
}

func (db *database) Products(_ context.Context, ids []string) (map[string]Product, error) {
	db.queries++
	found := map[string]Product{}
	for _, id := range ids {
		if p, has := db.products[id]; has {
			found[id] = p
		}
	}
	return found, nil
}

func (db *database) SetPrice(_ context.Context, id string, price int) (Product, error) {
	p := db.products[id]
	p.Price = price
	db.products[id] = p
	return p, nil
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
