package migrating

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Login is what the layer keeps of who is signed in.
type Login struct {
	Email string `json:"email"`
	Role  string `json:"role"`
}

func TestTypeScriptLayerCalls(t *testing.T) {
	rdb, srv := connect(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	ctx := t.Context()
	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	tea := Product{ID: "42", Price: 450}
	db := &database{products: map[string]Product{"42": tea}}
	products := cache.Of[Product](c, cache.ViewOptions{Prefix: "product:", TTL: time.Hour, Tags: []string{"products"}})
	limiter, err := ratelimit.New(rdb, ratelimit.Options{Limit: ratelimit.SlidingLog(10, time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := session.New[Login](rdb, session.Options{Namespace: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	var s *session.Session[Login]
	ada := Login{Email: "ada@example.com", Role: "editor"}
	play(t, []step{
		{"getRedis", func() (any, error) {
			_, err := upstash.Shared()
			return nil, err
		}, nil},
		{"redisRest", func() (any, error) {
			_, err := upstash.FromEnv()
			return nil, err
		}, nil},
		{"cacheSet", func() (any, error) { return nil, products.Set(ctx, "42", tea) }, nil},
		{"cacheGet", func() (any, error) { return products.Get(ctx, "42") }, tea},
		{"cacheDelete", func() (any, error) { return nil, products.Delete(ctx, "42") }, nil},
		{"cacheGet of nothing", func() (any, error) {
			_, err := products.Get(ctx, "42")
			return errors.Is(err, cache.ErrMiss), nil
		}, true},
		{"cacheAside", func() (any, error) { return products.GetOrLoad(ctx, "42", db.Product) }, tea},
		{"cacheInvalidateTag", func() (any, error) { return nil, c.Invalidate(ctx, "products") }, nil},
		{"cacheAside afterwards", func() (any, error) { return products.GetOrLoad(ctx, "42", db.Product) }, tea},
		{"rateLimit", func() (any, error) {
			r, err := limiter.Allow(ctx, "user:1")
			return r.Remaining, err
		}, int64(9)},
		{"createSession", func() (any, error) {
			var err error
			s, err = sessions.Create(ctx, "u42", ada)
			return nil, err
		}, nil},
		{"getSession and refreshSession", func() (any, error) {
			got, err := sessions.Get(ctx, s.Token())
			if err != nil {
				return nil, err
			}
			return got.Data, nil
		}, ada},
		{"destroySession", func() (any, error) { return nil, sessions.Destroy(ctx, s.Token()) }, nil},
		{"destroyAllUserSessions", func() (any, error) { return nil, sessions.DestroyAll(ctx, "u42") }, nil},
		{"getSession of nothing", func() (any, error) {
			_, err := sessions.Get(ctx, s.Token())
			return session.SignedOut(err), nil
		}, true},
		{"a database that was asked twice", func() (any, error) { return db.queries, nil }, 2},
	})
}

func TestTypeScriptLayerSnippets(t *testing.T) {
	rdb, srv := connect(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	ctx := t.Context()
	db := &database{products: map[string]Product{"42": {ID: "42", CategoryID: "tea", Price: 450}}}
	layer, err := NewLayer(rdb, db)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if p, err := layer.GetProduct(ctx, "42"); err != nil || p.Price != 450 {
			t.Errorf("%v, %v", p, err)
		}
		if list, err := layer.GetProductsByCategory(ctx, "tea"); err != nil || len(list) != 1 || list[0].Price != 450 {
			t.Errorf("%v, %v", list, err)
		}
	}
	if db.queries != 2 {
		t.Errorf("%d queries, want 2", db.queries)
	}
	if p, err := layer.SetPrice(ctx, "42", 500); err != nil || p.Price != 500 {
		t.Errorf("%v, %v", p, err)
	}
	if list, err := layer.GetProductsByCategory(ctx, "tea"); err != nil || len(list) != 1 || list[0].Price != 500 {
		t.Errorf("a list of before the change: %v, %v", list, err)
	}
	if err := layer.Warm(ctx); err != nil {
		t.Error(err)
	}
	for name, run := range map[string]func(context.Context, *upstash.Client) error{
		"stale": staleWhileRevalidate, "next": besideNext, "limit": limitRequests, "superjson": shareSuperJSON, "client": retryLikeIORedis,
	} {
		if err := run(ctx, rdb); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Layer is the data layer of the note.
type Layer struct {
	db         *database
	cache      *cache.Cache
	products   *cache.View[Product]
	byCategory *cache.View[[]Product]
}

func NewLayer(rdb *upstash.Client, db *database) (*Layer, error) {
	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		return nil, err
	}
	return &Layer{
		db:    db,
		cache: c,
		products: cache.Of[Product](c, cache.ViewOptions{
			Prefix: "product:", TTL: time.Hour,
			Tags:   []string{"products"},
			TagsOf: func(id string) []string { return []string{"product:" + id} },
		}),
		byCategory: cache.Of[[]Product](c, cache.ViewOptions{
			Prefix: "products:category:", TTL: 30 * time.Minute,
			Tags:   []string{"products"},
			TagsOf: func(id string) []string { return []string{"category:" + id} },
		}),
	}, nil
}

func (l *Layer) GetProduct(ctx context.Context, id string) (Product, error) {
	return l.products.GetOrLoad(ctx, id, l.db.Product)
}

func (l *Layer) GetProductsByCategory(ctx context.Context, id string) ([]Product, error) {
	return l.byCategory.GetOrLoad(ctx, id, l.db.ProductsOf)
}

func (l *Layer) SetPrice(ctx context.Context, id string, price int) (Product, error) {
	p, err := l.db.SetPrice(ctx, id, price) // the source first
	if err != nil {
		return Product{}, err
	}
	return p, l.cache.Invalidate(ctx, "product:"+id, "category:"+p.CategoryID)
}

func (l *Layer) Warm(ctx context.Context) error {
	most := slices.Values([]string{"42", "7"}) // the keys, most viewed first
	report, err := l.products.Warm(ctx, most, l.db.Products, cache.WarmOptions{
		Progress: func(soFar cache.WarmReport) { fmt.Println(soFar.Stored, "stored") },
	})
	if err != nil {
		return err
	}
	if report.Stored != 1 || report.Absent != 1 {
		return fmt.Errorf("%+v", report)
	}
	return nil
}

func staleWhileRevalidate(ctx context.Context, rdb *upstash.Client) error {
	c, err := cache.New(rdb, cache.Options{
		Namespace:  "stale",
		Background: cache.Goroutine, // in a function that freezes: lambda.Go
	})
	if err != nil {
		return err
	}
	prices := cache.Of[int](c, cache.ViewOptions{
		TTL:                  time.Minute,
		StaleWhileRevalidate: time.Hour, // past its TTL served at once, and loaded anew behind the call
		StaleIfError:         24 * time.Hour,
	})
	price, err := prices.GetOrLoad(ctx, "tea", func(context.Context, string) (int, error) { return 450, nil })
	if err != nil || price != 450 {
		return fmt.Errorf("%d, %w", price, err)
	}
	return c.Drain(ctx)
}

func besideNext(ctx context.Context, rdb *upstash.Client) error {
	told := 0
	revalidate := func(_ context.Context, tag string) error {
		if tag == "" {
			return errors.New("an empty tag")
		}
		told++
		return nil
	}
	c, err := cache.New(rdb, cache.Options{
		Namespace: "shop",
		OnInvalidate: func(ctx context.Context, tags []string) error {
			for _, tag := range tags {
				if err := revalidate(ctx, tag); err != nil { // a route of the Next.js application that calls revalidateTag
					return err
				}
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	if err := c.Invalidate(ctx, "products", "category:tea"); err != nil || told != 2 {
		return fmt.Errorf("told %d times: %w", told, err)
	}
	return nil
}

func limitRequests(_ context.Context, rdb *upstash.Client) error {
	api := http.NewServeMux()
	limiter, err := ratelimit.New(rdb, ratelimit.Options{
		Limit: ratelimit.FixedWindow(100, time.Minute),
	})
	if err != nil {
		return err
	}
	address, err := clientip.TrustedHops(1) // one load balancer in front
	if err != nil {
		return err
	}
	limit, err := httplimit.New(limiter, httplimit.Options{Key: httplimit.ByAddressAndPath(address)})
	if err != nil {
		return err
	}
	handler := limit.Handler(api)

	for i := range 101 {
		r := httptest.NewRequest(http.MethodGet, "/api/products", http.NoBody) //nolint:noctx // the handler is called by hand
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if limited := w.Code == http.StatusTooManyRequests; limited != (i == 100) {
			return fmt.Errorf("request %d: status %d", i+1, w.Code)
		}
	}
	return nil
}

func shareSuperJSON(ctx context.Context, rdb *upstash.Client) error {
	type order struct {
		At time.Time `json:"at"`
	}
	const stored = `{"json":{"at":"2026-11-30T02:00:00.000Z"},"meta":{"values":{"at":["Date"]}}}`
	if err := rdb.Set(ctx, "shop:k:order:7", stored); err != nil { // as redis.set(key, superjson.stringify(value))
		return err
	}
	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		return err
	}
	orders := cache.Of[order](c, cache.ViewOptions{
		Prefix:  "order:",
		Codec:   superjson.Codec(),
		Foreign: true, // takes what superjson.stringify stored, too
	})
	got, err := orders.Get(ctx, "7")
	if err != nil || !got.At.Equal(time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)) {
		return fmt.Errorf("%v, %w", got, err)
	}
	return nil
}

func retryLikeIORedis(ctx context.Context, _ *upstash.Client) error {
	o, err := upstash.OptionsFromEnv()
	if err != nil {
		return err
	}
	o.Retry = upstash.RetryOptions{Attempts: 4, BaseDelay: 50 * time.Millisecond, MaxDelay: 2 * time.Second}
	rdb, err := upstash.New(o)
	if err != nil {
		return err
	}
	return rdb.Ping(ctx)
}
