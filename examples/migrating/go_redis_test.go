package migrating

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestGoRedisCalls(t *testing.T) {
	rdb, srv := connect(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	ctx := t.Context()
	if err := rdb.Set(ctx, "user:1", asJSON(t, User{Name: "Ada"})); err != nil {
		t.Fatal(err)
	}
	play(t, []step{
		{"connect", func() (any, error) {
			_, err := upstash.FromEnv()
			return nil, err
		}, nil},
		{"SET", func() (any, error) { return nil, rdb.Set(ctx, "k", "v") }, nil},
		{"SET with a TTL", func() (any, error) {
			return rdb.SetWith(ctx, "k", "v", command.SetOptions{TTL: time.Minute})
		}, true},
		{"SET NX with a TTL", func() (any, error) {
			return rdb.SetWith(ctx, "new", "v", command.SetOptions{If: command.Absent, TTL: time.Minute})
		}, true},
		{"GET", func() (any, error) { return rdb.Get(ctx, "k") }, "v"},
		{"GET of what is absent", func() (any, error) {
			_, err := rdb.Get(ctx, "absent")
			return errors.Is(err, upstash.ErrNil), nil
		}, true},
		{"INCRBY", func() (any, error) { return rdb.IncrBy(ctx, "n", 2) }, int64(2)},
		{"GET of a number", func() (any, error) {
			return upstash.Exec(ctx, rdb, command.JSON[int64](command.Get("n")))
		}, int64(2)},
		{"GET of JSON", func() (any, error) {
			return upstash.Exec(ctx, rdb, command.JSON[User](command.Get("user:1")))
		}, User{Name: "Ada"}},
		{"MGET", func() (any, error) { return rdb.MGet(ctx, "k", "absent") }, []command.Null[string]{{V: "v", Valid: true}, {}}},
		{"HSET", func() (any, error) { return rdb.HSet(ctx, "h", map[string]any{"name": "Ada", "age": 36}) }, int64(2)},
		{"HGETALL", func() (any, error) { return rdb.HGetAll(ctx, "h") }, map[string]string{"name": "Ada", "age": "36"}},
		{"ZADD", func() (any, error) { return rdb.ZAdd(ctx, "z", command.Z{Member: "m", Score: 1}) }, int64(1)},
		{"ZREVRANGE", func() (any, error) { return rdb.ZRangeByWithScores(ctx, top) }, []command.Z{{Member: "m", Score: 1}}},
		{"EXPIRE", func() (any, error) { return rdb.Expire(ctx, "k", time.Hour) }, true},
		{"TTL", func() (any, error) { return rdb.TTL(ctx, "k") }, command.Null[time.Duration]{V: time.Hour, Valid: true}},
		{"PUBLISH", func() (any, error) { return rdb.Publish(ctx, "news", "it rains") }, int64(0)},
		{"Do", func() (any, error) {
			reply, err := rdb.Raw(ctx, "STRLEN", "k")
			return reply.String(), err
		}, command.IntReply(1).String()},
		{"DEL", func() (any, error) { return rdb.Del(ctx, "k", "absent") }, int64(1)},
	})
}

func TestGoRedisSnippets(t *testing.T) {
	rdb, srv := connect(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	ctx := t.Context()
	if err := rdb.Set(ctx, "stock:tea", 5); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(context.Context, *upstash.Client) error{
		"pipeline": goRedisPipeline, "transaction": goRedisTransaction, "watch": goRedisWatch,
		"script": goRedisScript, "scan": goRedisScan, "subscribe": goRedisSubscribe,
		"options": func(ctx context.Context, _ *upstash.Client) error { return goRedisOptions(ctx, srv.URL, srv.Token) },
	} {
		if err := run(ctx, rdb); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func goRedisPipeline(ctx context.Context, rdb *upstash.Client) error {
	p := pipeline.New(rdb)
	visits := p.Incr("visits")
	name := p.Get("name")
	if err := p.Exec(ctx); err != nil {
		return err
	}
	n := visits.Val()
	text, err := name.Result() // upstash.ErrNil, as rdb.Get returns it; Exec does not fail for that
	if n != 1 || text != "" || !errors.Is(err, upstash.ErrNil) {
		return fmt.Errorf("%d visits of %q: %w", n, text, err)
	}
	return nil
}

func goRedisTransaction(ctx context.Context, rdb *upstash.Client) error {
	tx := pipeline.NewTx(rdb)
	tx.Incr("orders")
	tx.LPush("queue", "order:1")
	return tx.Exec(ctx)
}

func goRedisWatch(ctx context.Context, rdb *upstash.Client) error {
	left, err := pipeline.UpdateJSON(ctx, rdb, "stock:tea", func(stock int, _ bool) (int, error) {
		if stock == 0 {
			return 0, errSoldOut // ends it, and nothing is written
		}
		return stock - 1, nil
	}, pipeline.UpdateOptions{})
	if err != nil || left != 4 {
		return fmt.Errorf("%d left: %w", left, err)
	}
	return nil
}

var errSoldOut = errors.New("sold out")

// The script is made once, and sent by its hash.
var take = upstash.NewScript(`return redis.call("INCRBY", KEYS[1], ARGV[1])`)

func goRedisScript(ctx context.Context, rdb *upstash.Client) error {
	reply, err := take.Run(ctx, rdb, []string{"taken"}, 3)
	if err != nil {
		return err
	}
	n, err := reply.Int()
	if err != nil || n != 3 {
		return fmt.Errorf("taken %d: %w", n, err)
	}
	return nil
}

func goRedisScan(ctx context.Context, rdb *upstash.Client) error {
	for key, err := range rdb.ScanAll(ctx, command.ScanOptions{Match: "user:*"}) {
		if err != nil {
			return err
		}
		fmt.Println(key)
	}
	return nil
}

func goRedisSubscribe(ctx context.Context, rdb *upstash.Client) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel() // a stream that is over before it begins
	listen := func() error {
		for m, err := range rdb.Subscribe(ctx, "news") {
			switch {
			case err != nil:
				return err // the context is over, or no reconnection mends it
			case m.Kind == upstash.Gap:
				reload() // messages published since m.Since may be lost
			case m.Kind == upstash.Received:
				fmt.Println(m.Channel, m.Payload)
			}
		}
		return nil
	}
	if err := listen(); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("it did not end with its context: %w", err)
	}
	return nil
}

func reload() {}

func goRedisOptions(ctx context.Context, url, token string) error {
	rdb, err := upstash.New(upstash.Options{
		URL: url, Token: token,
		Timeout: 5 * time.Second, // where a context has no deadline
		Retry:   upstash.RetryOptions{Attempts: 2, AttemptTimeout: time.Second},
		Middleware: []upstash.Middleware{func(next upstash.Doer) upstash.Doer {
			return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
				return next.Do(ctx, b) // around every round trip
			})
		}},
		Observe: func(_ context.Context, rt upstash.RoundTrip) {
			fmt.Println(rt.Commands, rt.Duration, rt.Billed)
		},
	})
	if err != nil {
		return err
	}
	return rdb.Ping(upstash.WithRetry(ctx, upstash.RetryOptions{Attempts: 1}))
}
