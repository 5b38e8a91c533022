package migrating

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
)

func TestUpstashRedisCalls(t *testing.T) {
	rdb, srv := connect(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	url, token := srv.URL, srv.Token
	ctx := t.Context()
	if err := rdb.Set(ctx, "user:1", asJSON(t, User{Name: "Ada"})); err != nil {
		t.Fatal(err)
	}
	locks, err := lock.New(rdb, lock.Options{TTL: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var lease *lock.Lease
	play(t, []step{
		{"fromEnv", func() (any, error) {
			_, err := upstash.FromEnv()
			return nil, err
		}, nil},
		{"new Redis", func() (any, error) {
			_, err := upstash.New(upstash.Options{URL: url, Token: token})
			return nil, err
		}, nil},
		{"get<User>", func() (any, error) {
			return upstash.Exec(ctx, rdb, command.JSON[User](command.Get("user:1")))
		}, User{Name: "Ada"}},
		{"set", func() (any, error) { return nil, rdb.Set(ctx, "k", "v") }, nil},
		{"set with ex", func() (any, error) {
			return rdb.SetWith(ctx, "k", "v", command.SetOptions{TTL: time.Minute})
		}, true},
		{"set with nx", func() (any, error) {
			return rdb.SetWith(ctx, "new", "v", command.SetOptions{If: command.Absent})
		}, true},
		{"set with get", func() (any, error) {
			return rdb.SetGet(ctx, "k", "w", command.SetOptions{})
		}, command.Null[string]{V: "v", Valid: true}},
		{"mset", func() (any, error) { return nil, rdb.MSet(ctx, map[string]any{"a": 1, "b": 2}) }, nil},
		{"mget", func() (any, error) { return rdb.MGet(ctx, "a", "b") }, []command.Null[string]{{V: "1", Valid: true}, {V: "2", Valid: true}}},
		{"hset", func() (any, error) { return rdb.HSet(ctx, "h", map[string]any{"name": "Ada"}) }, int64(1)},
		{"hgetall", func() (any, error) { return rdb.HGetAll(ctx, "h") }, map[string]string{"name": "Ada"}},
		{"zadd", func() (any, error) {
			return rdb.ZAddWith(ctx, "z", command.ZAddOptions{If: command.Absent}, command.Z{Member: "m", Score: 1})
		}, int64(1)},
		{"zrange with rev and scores", func() (any, error) {
			return rdb.ZRangeByWithScores(ctx, top)
		}, []command.Z{{Member: "m", Score: 1}}},
		{"publish", func() (any, error) { return rdb.Publish(ctx, "news", "it rains") }, int64(0)},
		{"exec of anything", func() (any, error) {
			reply, err := rdb.Raw(ctx, "STRLEN", "k")
			return reply.String(), err
		}, command.IntReply(1).String()},
		{"lock.acquire", func() (any, error) {
			var err error
			lease, err = locks.TryLock(ctx, "invoice:7")
			return nil, err
		}, nil},
		{"lock.extend", func() (any, error) { return nil, lease.Extend(ctx) }, nil},
		{"lock.release", func() (any, error) { return nil, lease.Release(ctx) }, nil},
		{"retry", func() (any, error) {
			return nil, rdb.Ping(upstash.WithRetry(ctx, upstash.RetryOptions{Attempts: 1}))
		}, nil},
		{"sync token", func() (any, error) {
			_, err := rdb.Get(upstash.WithSyncToken(ctx, rdb.SyncToken()), "k")
			return nil, err
		}, nil},
	})
}

func TestUpstashRedisSnippets(t *testing.T) {
	rdb, srv := connect(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	for name, run := range map[string]func(context.Context, *upstash.Client) error{
		"json": upstashRedisJSON, "pipeline": upstashRedisPipeline, "auto": upstashRedisAuto,
		"script": upstashRedisScript, "limit": upstashRedisLimit,
	} {
		if err := run(t.Context(), rdb); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func upstashRedisJSON(ctx context.Context, rdb *upstash.Client) error {
	text, err := json.Marshal(User{Name: "Ada"})
	if err != nil {
		return err
	}
	if err := rdb.Set(ctx, "user:2", text); err != nil {
		return err
	}
	user, err := upstash.Exec(ctx, rdb, command.JSON[User](command.Get("user:2")))
	if err != nil || user.Name != "Ada" {
		return fmt.Errorf("%v, %w", user, err)
	}
	return nil
}

func upstashRedisPipeline(ctx context.Context, rdb *upstash.Client) error {
	p := pipeline.New(rdb) // redis.multi() is pipeline.NewTx(rdb)
	count := p.Incr("count")
	user := pipeline.Queue(p, command.JSON[User](command.Get("user:none")))
	if err := p.Exec(ctx); err != nil { // a *pipeline.ExecError lists what failed; the rest has its results
		return err
	}
	n := count.Val()
	who, err := user.Result() // upstash.ErrNil: absent is no failure of Exec
	if n != 1 || !errors.Is(err, upstash.ErrNil) {
		return fmt.Errorf("count %d, user %v: %w", n, who, err)
	}
	return nil
}

func upstashRedisAuto(ctx context.Context, rdb *upstash.Client) error {
	merged := upstash.Over(pipeline.Auto(rdb, pipeline.AutoOptions{})) // make it once and share it
	_, err := merged.Incr(ctx, "visits")
	return err
}

var double = upstash.NewScript(`return 2 * ARGV[1]`)

func upstashRedisScript(ctx context.Context, rdb *upstash.Client) error {
	reply, err := double.Run(ctx, rdb, nil, 21)
	if err != nil {
		return err
	}
	answer, err := reply.Int()
	if err != nil || answer != 42 {
		return fmt.Errorf("%d, %w", answer, err)
	}
	return nil
}

func upstashRedisLimit(ctx context.Context, rdb *upstash.Client) error {
	limiter, err := ratelimit.New(rdb, ratelimit.Options{
		Limit: ratelimit.SlidingWindow(10, 10*time.Second),
		Mode:  ratelimit.Compat, // decisions, keys and values of @upstash/ratelimit 2.2.0
	})
	if err != nil {
		return err
	}
	r, err := limiter.Allow(ctx, "user:1")
	if err != nil {
		return err
	}
	if !r.Allowed || r.Remaining != 9 {
		return fmt.Errorf("%+v", r)
	}
	return nil
}
