package gorillastore_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed-9937a0e6/upstash-go/session/gorillastore"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func Example() {
	srv, err := upstashtest.NewServer(upstashtest.Options{}) // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	rdb := srv.Client()

	hashKey, blockKey := make([]byte, 32), make([]byte, 32) // in production: kept where secrets are kept
	_, _ = rand.Read(hashKey)
	_, _ = rand.Read(blockKey)
	store, err := gorillastore.New(rdb, gorillastore.Options{Namespace: "shop", KeyPairs: [][]byte{hashKey, blockKey}})
	if err != nil {
		panic(err)
	}

	handler := func(w http.ResponseWriter, r *http.Request) {
		s, err := store.Get(r, "session")
		if err != nil {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		visits, _ := s.Values["visits"].(int)
		s.Values["visits"] = visits + 1
		if err := s.Save(r, w); err != nil {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		fmt.Println("visit", visits+1)
	}

	visit := func(cookies []*http.Cookie) []*http.Cookie {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		handler(w, r)
		return w.Result().Cookies()
	}
	visit(visit(nil))
	// Output:
	// visit 1
	// visit 2
}
