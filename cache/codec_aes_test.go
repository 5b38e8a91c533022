package cache_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

func sealedIn(c *cache.Cache, codec cache.Codec, prefix string) *cache.View[string] {
	return cache.Of[string](c, cache.ViewOptions{Codec: codec, Prefix: prefix})
}

// TestAnEntryOpensOnlyInItsPlace is the swap test: who can write to Redis, and
// has no key, cannot show a reader one entry for another.
func TestAnEntryOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, inner := range map[string]cache.Codec{"JSON": cache.JSON(), "raw": cache.Raw(), "compressed": cache.Compressed(nil, eager)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := newCache(t, cache.Options{})
			later := cacheOver(t, srv.Client(), cache.Options{Schema: 1})
			codec := sealing(t, inner, secret(1))
			view := sealedIn(c, codec, "user:")
			noErr(t, view.Set(ctx, "alice", strings.Repeat("alice's ", 100)))
			noErr(t, view.Set(ctx, "bob", "bob's"))
			check(t, "before", "bob's", ok(view.Get(ctx, "bob"))(t))

			alices := ok(srv.Client().Get(ctx, "shop:k:user:alice"))(t)
			for _, key := range []string{"shop:k:user:bob", "shop:k:user:carol", "shop:k1:user:alice", "shop:k:admin:alice"} {
				noErr(t, srv.Client().Set(ctx, key, alices))
			}
			for what, err := range map[string]error{
				"another key":                errOf(view.Get(ctx, "bob")),
				"a key that was not there":   errOf(view.Get(ctx, "carol")),
				"another schema":             errOf(sealedIn(later, codec, "user:").Get(ctx, "alice")),
				"another view's prefix":      errOf(sealedIn(c, codec, "admin:").Get(ctx, "alice")),
				"the same text, read as raw": errOf(sealedIn(c, cache.Raw(), "user:").Get(ctx, "alice")),
			} {
				if !errors.Is(err, cache.ErrMiss) {
					t.Errorf("%s: %v, want a miss", what, err)
				}
			}
			found := ok(view.GetMany(ctx, []string{"alice", "bob", "carol"}))(t)
			check(t, "GetMany", map[string]string{"alice": strings.Repeat("alice's ", 100)}, found)

			calls := 0
			for range 2 {
				check(t, "loaded instead", "bob's again", ok(view.GetOrLoad(ctx, "bob", returns("bob's again", &calls)))(t))
			}
			check(t, "loader calls", 1, calls)
		})
	}
}

// TestKeyRing replaces a key the way the documentation says.
func TestKeyRing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, c := newCache(t, cache.Options{})
	before := sealedIn(c, sealing(t, nil, secret(1)), "")
	during := sealedIn(c, sealing(t, nil, secret(2), secret(1)), "")
	after := sealedIn(c, sealing(t, nil, secret(2)), "")
	noErr(t, before.Set(ctx, "old", "v"))
	noErr(t, during.Set(ctx, "new", "w"))
	check(t, "old by the ring", "v", ok(during.Get(ctx, "old"))(t))
	check(t, "new by the ring", "w", ok(during.Get(ctx, "new"))(t))
	check(t, "new by the new key", "w", ok(after.Get(ctx, "new"))(t))
	for what, err := range map[string]error{"old by the new key": errOf(after.Get(ctx, "old")), "new by the old key": errOf(before.Get(ctx, "new"))} {
		if !errors.Is(err, cache.ErrMiss) {
			t.Errorf("%s: %v, want a miss", what, err)
		}
	}
}

// bound is a codec in the place of one entry.
func bound(tb testing.TB, codec cache.Codec, key string) cache.Codec {
	tb.Helper()
	keyed, ok := codec.(cache.KeyedCodec)
	if !ok {
		tb.Fatalf("%s is no KeyedCodec", codec.Name())
	}
	return keyed.At(key)
}

// TestEveryBitIsSealed changes each bit of what is stored, cuts it everywhere,
// and gives it a key that only looks like the right one.
func TestEveryBitIsSealed(t *testing.T) {
	t.Parallel()
	codec := bound(t, sealing(t, nil, secret(1), secret(2)), "k")
	text, meta, err := codec.Encode("value")
	noErr(t, err)
	check(t, "meta", 0, len(meta))
	var got string
	noErr(t, codec.Decode(text, nil, &got))
	check(t, "value", "value", got)
	quoted := func(b []byte) []byte { return []byte(`"` + base64.StdEncoding.EncodeToString(b) + `"`) }
	sealed := ok(base64.StdEncoding.DecodeString(strings.Trim(string(text), `"`)))(t)
	check(t, "size: version, key id, nonce, document and tag", 1+4+12+len(`{"json":"value"}`)+16, len(sealed))
	broken := map[string][]byte{"nothing": nil, "null": []byte("null"), "an object": []byte(`{"json":"value"}`), "no base64": []byte(`"!"`), "plain": []byte(`"value"`)}
	for i := range sealed {
		broken[fmt.Sprint("cut at ", i)] = quoted(sealed[:i])
		for bit := range 8 {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1 << bit
			broken[fmt.Sprintf("bit %d of byte %d", bit, i)] = quoted(changed)
		}
	}
	for name, text := range broken {
		if err := codec.Decode(text, nil, &got); err == nil {
			t.Errorf("%s: it opens as %q", name, got)
		}
	}
	if err := codec.Decode(text, []byte(`{"values":["Date"]}`), &got); err == nil {
		t.Error("annotations that were not sealed are taken")
	}
}

// TestTheSameValueIsSealedDifferently every time: equal entries do not show.
func TestTheSameValueIsSealedDifferently(t *testing.T) {
	t.Parallel()
	codec := bound(t, sealing(t, nil, secret(1)), "k")
	seen := map[string]bool{}
	for range 100 {
		text, _, err := codec.Encode("value")
		noErr(t, err)
		seen[string(text)] = true
	}
	check(t, "different texts", 100, len(seen))
}

func TestEncryptedIsNotReadable(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	for name, inner := range map[string]cache.Codec{"JSON": nil, "compressed": cache.Compressed(nil, cache.CompressOptions{})} {
		noErr(t, sealedIn(c, sealing(t, inner, secret(1)), "").Set(ctx, name, "a secret value"))
		if text := ok(srv.Client().Get(ctx, "shop:k:"+name))(t); strings.Contains(text, "secret") {
			t.Errorf("%s: the value is in %s", name, text)
		}
	}
}

func TestEncryptedRefusesKeys(t *testing.T) {
	t.Parallel()
	for want, keys := range map[string][][]byte{
		"cache: there is no key: give one of 32 random bytes":                  nil,
		"cache: a key has 16 bytes: AES-256 takes 32 random ones (key 2 of 2)": {secret(1), secret(2)[:16]},
		"cache: a key has 0 bytes: AES-256 takes 32 random ones (key 1 of 1)":  {nil},
		"cache: a key has 64 bytes: AES-256 takes 32 random ones (key 1 of 1)": {[]byte(hex.EncodeToString(secret(1)))},
	} {
		if _, err := cache.Encrypted(nil, keys...); err == nil || err.Error() != want {
			t.Errorf("%d keys: %v, want %s", len(keys), err, want)
		}
	}
}

// TestKeysAreNotPrinted whatever a log does with a codec, or with what holds it.
func TestKeysAreNotPrinted(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{})
	codec := sealing(t, cache.Compressed(nil, eager), secret(0xab))
	o := cache.ViewOptions{Codec: codec, TTL: time.Hour}
	for _, v := range []any{codec, bound(t, codec, "k"), o, &o, cache.Of[string](c, o), *cache.Of[string](c, o), []cache.Codec{codec}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			text := strings.ToLower(fmt.Sprintf(verb, v))
			for _, form := range []string{"abab", "171 171", "171, 171", "0xab, 0xab", "\xab\xab"} {
				if strings.Contains(text, form) {
					t.Errorf("%s of %T shows the key: %s", verb, v, text)
				}
			}
		}
	}
	check(t, "%v", "json+gzip+aes256gcm", fmt.Sprint(codec))
}
