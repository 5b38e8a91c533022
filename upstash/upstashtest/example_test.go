package upstashtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A server speaks plain HTTP, so that any client can be tested against it.
func ExampleNewServer() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()

	ask := func(command string) {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, srv.URL, strings.NewReader(command))
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Authorization", "Bearer "+srv.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		fmt.Println(resp.StatusCode, string(body))
	}
	ask(`["SET", "greeting", "hello", "EX", 60]`)
	ask(`["GET", "greeting"]`)
	srv.Advance(time.Minute)
	ask(`["GET", "greeting"]`)
	fmt.Println(srv.Meter().RoundTrips, "round trips")
	// Output:
	// 200 {"result":"OK"}
	// 200 {"result":"hello"}
	// 200 {"result":null}
	// 3 round trips
}
