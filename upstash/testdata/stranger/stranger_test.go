package stranger

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestShop(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	shop, err := Open(srv.ClientOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := shop.Rename(t.Context(), "42", Product{Name: "tea"}); err != nil {
		t.Fatal(err)
	}
	if text, err := srv.Client().Get(t.Context(), "name:42"); text == "" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}
