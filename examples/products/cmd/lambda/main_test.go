//go:build unix

package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestMain(m *testing.M) {
	lambdatest.Main(map[string]func(){"shop": main})
	os.Exit(m.Run())
}

const password = "correct horse"

// database makes a shop in a file, as PostgreSQL would be there in production.
func database(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shop.db")
	s, err := shop.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	s.Rounds = 1
	err = errors.Join(s.Fill(t.Context(), 12), s.AddUser(t.Context(), "ann@example.com", shop.Editor, password), s.Close())
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// The function answers what a server with the same handler answers, and its
// client lasts over invocations and freezes.
func TestFunctionAnswersAsAServerDoes(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	file := database(t)
	env := lambdatest.Start(t, lambdatest.Options{
		Function: "shop",
		Timeout:  30 * time.Second,
		Env: []string{
			upstash.EnvURL + "=" + srv.URL, upstash.EnvToken + "=" + srv.Token,
			app.EnvDatabase + "=" + file, app.EnvSecret + "=" + base64.StdEncoding.EncodeToString(secret),
		},
	})
	served, err := app.New(t.Context(), app.Options{Database: file, Redis: srv.ClientOptions(), Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })

	cookie := ""
	for _, step := range []struct{ method, path, query, body string }{
		{"GET", "/api/products/p001", "", ""},
		{"GET", "/api/products", "category=desk", ""},
		{"PATCH", "/api/products/p001", "", `{"price":5}`},
		{"POST", "/api/login", "", `{"email":"ann@example.com","password":"` + password + `"}`},
		{"PATCH", "/api/products/p001", "", `{"price":5}`},
		{"GET", "/api/products/p001", "", ""},
		{"GET", "/api/me", "", ""},
		{"POST", "/api/logout", "", ""},
		{"GET", "/api/me", "", ""},
	} {
		result, err := env.Invoke(t.Context(), event(step.method, step.path, step.query, step.body, cookie))
		if err != nil || result.Err != nil {
			t.Fatalf("%s %s: %v, %v", step.method, step.path, err, result.Err)
		}
		got, err := result.HTTP()
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		for _, c := range got.Cookies() {
			cookie = c.Name + "=" + c.Value
		}
		if step.method != http.MethodGet {
			continue // once is enough
		}
		r := httptest.NewRequestWithContext(t.Context(), step.method, "https://shop.example"+step.path+"?"+step.query, bytes.NewBufferString(step.body))
		r.RemoteAddr = "198.51.100.7:0"
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		want := w.Result()
		defer want.Body.Close()
		if diff := cmp.Diff(seen(t, want), seen(t, got)); diff != "" {
			t.Errorf("%s %s, by a server and by the function (-want +got):\n%s", step.method, step.path, diff)
		}
		if err := env.AwaitFreeze(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if env.Starts() != 1 || env.Freezes() == 0 {
		t.Errorf("%d processes, %d freezes", env.Starts(), env.Freezes())
	}
}

func seen(t *testing.T, res *http.Response) map[string]any {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"status": res.StatusCode, "type": res.Header.Get("Content-Type"), "body": string(body)}
}

// event is what a function URL sends.
func event(method, path, query, body, cookie string) json.RawMessage {
	e := map[string]any{
		"version": "2.0", "rawPath": path, "rawQueryString": query, "body": body, "isBase64Encoded": false,
		"headers": map[string]string{
			"host": "abc.lambda-url.eu-west-1.on.aws", "x-forwarded-proto": "https", "content-type": "application/json",
			"x-forwarded-for": "203.0.113.1", // what the client invented
		},
		"requestContext": map[string]any{
			"domainName": "abc.lambda-url.eu-west-1.on.aws", "stage": "$default", "requestId": "1", "routeKey": "$default",
			"http": map[string]string{"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "198.51.100.7"},
		},
	}
	if cookie != "" {
		e["cookies"] = []string{cookie}
	}
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings have a JSON form
	}
	return text
}
