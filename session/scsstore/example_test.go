package scsstore_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/alexedwards/scs/v2"

	"github.com/seed-9937a0e6/upstash-go/session/scsstore"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func Example() {
	srv, err := upstashtest.NewServer(upstashtest.Options{}) // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	rdb := srv.Client()

	store, err := scsstore.New(rdb, scsstore.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	sessions := scs.New()
	sessions.Store = store
	sessions.Cookie.Secure = true

	handler := sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits := sessions.GetInt(r.Context(), "visits") + 1
		sessions.Put(r.Context(), "visits", visits)
		_, _ = fmt.Fprint(w, visits)
	}))

	visit := func(cookies []*http.Cookie) []*http.Cookie {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		body, _ := io.ReadAll(w.Body)
		fmt.Println("visit", string(body))
		return w.Result().Cookies()
	}
	visit(visit(nil))
	// Output:
	// visit 1
	// visit 2
}
