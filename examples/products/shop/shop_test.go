package shop_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

// each runs a test on a database of its own: SQLite, and a schema in the
// PostgreSQL of UPSTASH_TEST_POSTGRES_URL where there is one.
func each(t *testing.T, test func(t *testing.T, s *shop.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, ""))
	})
	where, err := url.Parse(os.Getenv("UPSTASH_TEST_POSTGRES_URL"))
	if err != nil || where.Host == "" {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		schema := "test_" + strings.ToLower(rand.Text())
		owner := open(t, where.String())
		if _, err := owner.DB().ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := owner.DB().ExecContext(context.WithoutCancel(t.Context()), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
				t.Error(err)
			}
		})
		own := *where
		query := own.Query()
		query.Set("search_path", schema)
		own.RawQuery = query.Encode()
		test(t, open(t, own.String()))
	})
}

func open(t *testing.T, where string) *shop.Store {
	t.Helper()
	s, err := shop.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func filled(t *testing.T, s *shop.Store) {
	t.Helper()
	if err := errors.Join(s.Fill(t.Context(), 12), settle(t, s, new([]string))); err != nil {
		t.Fatal(err)
	}
}

// settle takes the tags that are stale.
func settle(t *testing.T, s *shop.Store, tags *[]string) error {
	t.Helper()
	*tags = nil
	return s.Settle(t.Context(), func(_ context.Context, stale ...string) error {
		*tags = slices.Sorted(slices.Values(stale))
		return nil
	})
}

func TestProducts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *shop.Store) {
		t.Helper()
		filled(t, s)
		ctx := t.Context()

		p, err := s.Create(ctx, shop.Change{Name: new(" Kettle "), Price: new(int64(990)), CategoryID: new("desk"), Images: &[]string{"a", "b"}})
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != "Kettle" || p.Version != 1 {
			t.Errorf("created %+v", p)
		}
		check := func(want shop.Product) {
			t.Helper()
			got, err := s.Product(ctx, want.ID)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
		check(p)

		after, err := s.Update(ctx, p.ID, shop.Change{Price: new(int64(0))})
		if err != nil {
			t.Fatal(err)
		}
		p.Price, p.Version = 0, 2
		if diff := cmp.Diff(p, after); diff != "" {
			t.Errorf("updated (-want +got):\n%s", diff)
		}
		check(p)

		list, err := s.ProductsOf(ctx, "desk")
		if err != nil || len(list) != 3 || list[0].ID != p.ID || !list[1].CreatedAt.After(list[2].CreatedAt) {
			t.Errorf("of the category: %+v, %v", list, err)
		}
		newest, err := s.Newest(ctx, "")
		if err != nil || len(newest) != 13 || newest[0].ID != p.ID {
			t.Errorf("newest: %d, %v", len(newest), err)
		}
		categories, err := s.Categories(ctx, "")
		if err != nil || len(categories) != 6 || categories[2] != (shop.Category{ID: "desk", Name: "Desk", Products: 3}) {
			t.Errorf("categories: %+v, %v", categories, err)
		}
		if err := s.Delete(ctx, p.ID); err != nil {
			t.Error(err)
		}
		if err := s.Delete(ctx, p.ID); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("removed twice: %v", err)
		}
	})
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *shop.Store) {
		t.Helper()
		filled(t, s)
		before, err := s.Product(t.Context(), "p001")
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			change shop.Change
			want   error
		}{
			{shop.Change{Name: new(" ")}, shop.ErrName},
			{shop.Change{Name: new(strings.Repeat("ü", 201))}, shop.ErrName},
			{shop.Change{Price: new(int64(-1))}, shop.ErrPrice},
			{shop.Change{Price: new(int64(1e8 + 1))}, shop.ErrPrice},
			{shop.Change{CategoryID: new("nothing")}, shop.ErrNoCategory},
		} {
			if _, err := s.Update(t.Context(), "p001", tt.change); !errors.Is(err, tt.want) {
				t.Errorf("update: %v, want %v", err, tt.want)
			}
			if tt.change.Name == nil {
				tt.change.Name = new("New")
			}
			if _, err := s.Create(t.Context(), tt.change); !errors.Is(err, tt.want) {
				t.Errorf("create: %v, want %v", err, tt.want)
			}
		}
		for _, err := range []error{
			func() error { _, err := s.Product(t.Context(), "nothing"); return err }(),
			func() error { _, err := s.ProductsOf(t.Context(), "nothing"); return err }(),
			func() error { _, err := s.Update(t.Context(), "nothing", shop.Change{}); return err }(),
		} {
			if !errors.Is(err, cache.ErrNotFound) {
				t.Errorf("of what is not there: %v", err)
			}
		}
		after, err := s.Product(t.Context(), "p001")
		if diff := cmp.Diff(before, after); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		var tags []string
		if err := settle(t, s, &tags); err != nil || tags != nil {
			t.Errorf("stale after refusals: %v, %v", tags, err)
		}
	})
}

func TestSettle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *shop.Store) {
		t.Helper()
		filled(t, s)
		if _, err := s.Update(t.Context(), "p003", shop.Change{Price: new(int64(5))}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Update(t.Context(), "p001", shop.Change{CategoryID: new("kitchen")}); err != nil {
			t.Fatal(err)
		}
		down := errors.New("the cache is down")
		if err := s.Settle(t.Context(), func(context.Context, ...string) error { return down }); !errors.Is(err, down) {
			t.Errorf("error %v", err)
		}
		want := []string{"categories", "category:audio", "category:desk", "category:kitchen", "newest", "product:p001", "product:p003"}
		var tags []string
		for range 2 {
			err := settle(t, s, &tags)
			if diff := cmp.Diff(want, tags); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			want = nil // told once is enough
		}
	})
}

// Every category that a product was ever in is told of, however many move it at
// the same time.
func TestConcurrentMoves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *shop.Store) {
		t.Helper()
		filled(t, s)
		var movers errgroup.Group
		for i, category := range []string{"audio", "coffee", "desk", "garden", "kitchen", "outdoor"} {
			movers.Go(func() error {
				_, err := s.Update(t.Context(), "p001", shop.Change{CategoryID: &category, Price: new(int64(i))})
				return err
			})
		}
		if err := movers.Wait(); err != nil {
			t.Fatal(err)
		}
		p, err := s.Product(t.Context(), "p001")
		if err != nil || p.Version != 7 {
			t.Errorf("version %d after 6 changes of version 1, %v", p.Version, err)
		}
		var tags []string
		if err := settle(t, s, &tags); err != nil || len(tags) != 1+1+6+1 {
			t.Errorf("stale: %v, %v", tags, err)
		}
	})
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *shop.Store) {
		t.Helper()
		ctx := t.Context()
		if s.Rounds != 600_000 {
			t.Errorf("passwords are hashed %d times", s.Rounds)
		}
		s.Rounds = 1000
		if err := s.AddUser(ctx, "ann@example.com", shop.Editor, "correct horse"); err != nil {
			t.Fatal(err)
		}
		u, err := s.SignIn(ctx, "ann@example.com", "correct horse")
		if err != nil || u.ID == "" || u.Role != shop.Editor {
			t.Errorf("%+v, %v", u, err)
		}
		for _, wrong := range [][2]string{{"ann@example.com", "correct horses"}, {"bob@example.com", ""}, {"", ""}} {
			if u, err := s.SignIn(ctx, wrong[0], wrong[1]); !errors.Is(err, shop.ErrPassword) || u != (shop.User{}) {
				t.Errorf("%q: %+v, %v", wrong[0], u, err)
			}
		}
		if err := s.AddUser(ctx, "ann@example.com", "visitor", "another"); err != nil {
			t.Fatal(err)
		}
		again, err := s.SignIn(ctx, "ann@example.com", "another")
		if err != nil || again.ID != u.ID || again.Role != "visitor" {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func TestFillLeavesAShopAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *shop.Store) {
		t.Helper()
		filled(t, s)
		if err := s.Delete(t.Context(), "p001"); err != nil {
			t.Fatal(err)
		}
		if err := s.Fill(t.Context(), 12); err != nil {
			t.Fatal(err)
		}
		list, err := s.Newest(t.Context(), "")
		if err != nil || len(list) != 11 {
			t.Errorf("%d products, %v", len(list), err)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, where := range []string{
		t.TempDir(), // a folder
		"postgres://nobody:s3cret@127.0.0.1:1/none?connect_timeout=1",
	} {
		_, err := shop.Open(t.Context(), where)
		if err == nil || !strings.HasPrefix(err.Error(), "the shop's database cannot be opened (") {
			t.Errorf("error %v", err)
		}
		if err != nil && strings.Contains(fmt.Sprintf("%+v", err), "s3cret") {
			t.Error("the error shows the password")
		}
	}
}

// A file keeps what was in it.
func TestOpenFile(t *testing.T) {
	t.Parallel()
	where := t.TempDir() + "/a shop?.db"
	for n := range 2 {
		s, err := shop.Open(t.Context(), where)
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.Newest(t.Context(), "")
		if want := 12 * n; len(list) != want || err != nil {
			t.Errorf("%d products, want %d, %v", len(list), want, err)
		}
		if err := errors.Join(s.Fill(t.Context(), 12), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
