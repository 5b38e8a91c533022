package stranger

import (
	"net/http"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
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

func TestWhatTestsImport(t *testing.T) {
	t.Parallel()
	b := sessiontest.NewBrowser(http.NotFoundHandler())
	if a := b.Get("/"); a.Status != http.StatusNotFound {
		t.Errorf("status %d", a.Status)
	}
	if _, err := lambdatest.New(lambdatest.Options{}); err == nil {
		t.Error("a function without a name was started")
	}
	scs, gorilla, err := Stores(upstashtest.New(t).Client())
	if scs == nil || err != nil {
		t.Errorf("scs: %v", err)
	}
	if _, err := gorilla(); err == nil {
		t.Error("gorilla/sessions needs keys")
	}
	if Function(http.NotFoundHandler()) == nil {
		t.Error("no function")
	}
}
