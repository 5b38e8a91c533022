package lock_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Who knows the token can release the lock: it is in no error and in no print,
// nor are keys, notes and values.
func TestNothingShowsTokensKeysNotesOrValues(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	o := lock.Options{
		TTL: ttl, Fenced: true, Note: "secret-note",
		OnError: func(_ context.Context, err error) { fmt.Fprintf(&shown, "%v %+v %#v\n", err, err, err) },
	}
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, o)
		ctx := t.Context()
		lease := got(k.TryLock(ctx, "secret-key"))(t)
		token := got(srv.Client().Get(ctx, "lock:{secret-key}"))(t)[:26]
		log := slog.New(slog.NewTextHandler(&shown, nil))
		show := func(things ...any) {
			for _, v := range things {
				fmt.Fprintf(&shown, "%v %+v %#v %s\n", v, v, v, v)
				log.Info("x", "v", v)
			}
		}
		show(k, lease)
		for _, fault := range []func(*upstashtest.Exchange){
			upstashtest.DropBefore, upstashtest.ExecuteThenDrop, upstashtest.Status(500), upstashtest.HTMLBody,
			upstashtest.CutBody(4), upstashtest.TooManyRequests(0), upstashtest.WrongBase64,
		} {
			stop := srv.InterceptAll(fault)
			show(errOf(k.TryLock(ctx, "secret-key")), lease.Extend(ctx), lease.GuardedSet(ctx, "secret-name", "secret-value"), errOf(k.Peek(ctx, "secret-key")))
			stop()
		}
		stop := srv.InterceptAll(upstashtest.DropBefore)
		show(lease.Release(ctx))
		stop()
		show(lease.Release(ctx), lease.Err())
		for _, secret := range []string{token, "secret"} {
			if strings.Contains(shown.String(), secret) {
				t.Errorf("%q is shown", secret)
			}
		}
		if shown.Len() < 1000 {
			t.Errorf("only %d bytes were shown: what was looked at?", shown.Len())
		}
	})
}
