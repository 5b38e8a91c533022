package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestREADME finds every Go snippet of README.md in the files readme*_test.go,
// where it is compiled and run.
func TestREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Skip("the repository is not here: ", err)
	}
	files, err := filepath.Glob("readme*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources.WriteString(plain(string(source)))
	}
	code := sources.String()
	snippets := strings.Split(string(readme), "```go\n")[1:]
	if len(snippets) < 15 {
		t.Fatalf("README.md has %d Go snippets: are they still marked as go?", len(snippets))
	}
	for _, snippet := range snippets {
		snippet, _, _ = strings.Cut(snippet, "```")
		if !strings.Contains(code, plain(snippet)) {
			t.Errorf("this snippet of README.md is not in readme*_test.go:\n%s", snippet)
		}
	}
}

// plain is code without indentation and blank lines.
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

type User struct{ Name string }

type Product struct {
	ID    string
	Price int
}

type database map[string]Product

func (db database) Product(_ context.Context, id string) (Product, error) {
	p, has := db[id]
	if !has {
		return Product{}, cache.ErrNotFound
	}
	return p, nil
}

func (db database) SetPrice(_ context.Context, id string, price int) error {
	db[id] = Product{ID: id, Price: price}
	return nil
}

func TestREADMERuns(t *testing.T) {
	local := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, local.URL)
	t.Setenv(upstash.EnvToken, local.Token)
	ctx := t.Context()
	if err := local.Client().Set(ctx, "user:1", `{"Name":"Ada"}`); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(context.Context, *testing.T) error{
		"commands": readmeCommands, "loops": readmeLoops, "cache": readmeCache, "testing": readmeTesting,
		"limits": readmeLimits, "locks": readmeLocks, "lambda": readmeLambda,
	} {
		if err := run(ctx, t); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func readmeCommands(ctx context.Context, t *testing.T) error {
	t.Helper()
	rdb, err := upstash.FromEnv() // UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
	if err != nil {
		return err
	}
	if err := rdb.Set(ctx, "greeting", "hello"); err != nil {
		return err
	}
	greeting, err := rdb.Get(ctx, "greeting") // upstash.ErrNil when there is none
	if err != nil || greeting != "hello" {
		return fmt.Errorf("greeting %q, %w", greeting, err)
	}

	first, err := rdb.SetWith(ctx, "job:7", "me", command.SetOptions{If: command.Absent, TTL: time.Minute})
	_ = errors.Join(err)
	user, err := upstash.Exec(ctx, rdb, command.JSON[User](command.Get("user:1")))
	_ = errors.Join(err)
	reply, err := rdb.Raw(ctx, "NEWCMD", "key", 42) // whatever this SDK does not spell yet
	if !first || user.Name != "Ada" || err == nil {
		return fmt.Errorf("first %v, user %v, reply %v, %w", first, user, reply, err)
	}

	p := pipeline.New(rdb) // or NewTx: all or nothing
	visits := p.Incr("visits")
	name := pipeline.Queue(p, command.JSON[User](command.Get("user:1")))
	if err := p.Exec(ctx); err != nil { // one round trip
		return err
	}
	fmt.Println(visits.Val(), name.Val().Name) //nolint:forbidigo // as README.md has it
	return nil
}

func readmeLoops(ctx context.Context, _ *testing.T) error {
	rdb, err := upstash.FromEnv()
	if err != nil {
		return err
	}
	listen := func(ctx context.Context) error {
		for m, err := range rdb.Subscribe(ctx, "news") { // reconnects by itself, and says where messages may be missing
			if err != nil {
				return err
			}
			fmt.Println(m.Channel, m.Payload) //nolint:forbidigo // as README.md has it
		}
		return nil
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := listen(over); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("a stream whose context is over: %w", err)
	}

	merged := upstash.Over(pipeline.Auto(rdb, pipeline.AutoOptions{})) // share it: concurrent calls leave together
	score, err := pipeline.UpdateJSON(ctx, merged, "score", func(old int, exists bool) (int, error) {
		return old + 10, nil
	}, pipeline.UpdateOptions{})
	if err != nil || score != 10 {
		return fmt.Errorf("score %d, %w", score, err)
	}
	return nil
}

func readmeCache(ctx context.Context, _ *testing.T) error {
	rdb, err := upstash.FromEnv()
	if err != nil {
		return err
	}
	db := database{"42": {ID: "42", Price: 450}}

	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		return err
	}
	products := cache.Of[Product](c, cache.ViewOptions{
		Prefix: "product:",
		TTL:    time.Hour,
		Tags:   []string{"products"},
		TagsOf: func(id string) []string { return []string{"product:" + id} },
	})

	tea, err := products.GetOrLoad(ctx, "42", db.Product) // func(ctx, id) (Product, error)
	if err != nil || tea.Price != 450 {
		return fmt.Errorf("before: %v, %w", tea, err)
	}

	if err := db.SetPrice(ctx, "42", 500); err != nil { // the source first
		return err
	}
	err = c.Invalidate(ctx, "product:42")
	if err != nil {
		return err
	}
	tea, err = products.GetOrLoad(ctx, "42", db.Product)
	if err != nil || tea.Price != 500 {
		return fmt.Errorf("after: %v, %w", tea, err)
	}
	return nil
}

func readmeTesting(ctx context.Context, t *testing.T) error {
	t.Helper()
	srv := upstashtest.New(t) // a local server, closed when the test ends
	rdb := srv.Client()

	srv.Intercept(upstashtest.ExecuteThenDrop) // the next command runs, and its reply is lost
	if err := rdb.Set(ctx, "k", "v"); !upstash.OutcomeUnknown(err) {
		return fmt.Errorf("the reply was not lost: %w", err)
	}
	_, err := rdb.Get(ctx, "k")
	return err
}
