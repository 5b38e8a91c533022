package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// scenario visits the shop with real requests and prints the answers.
func scenario(ctx context.Context, url string, out io.Writer) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	v := &visit{ctx: ctx, url: url, out: out, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}

	v.say("Reading: the second time nothing asks the database.")
	for range 2 {
		v.get("/api/products/p003")
		v.get("/api/products?category=desk")
		v.get("/api/categories")
	}

	v.say("Changing a price takes an editor.")
	v.send(http.MethodPatch, "/api/products/p003", `{"price":990}`)
	v.send(http.MethodPost, "/api/login", `{"email":"`+editor+`","password":"wrong"}`)
	v.send(http.MethodPost, "/api/login", `{"email":"`+visitor+`","password":"`+password+`"}`)
	v.send(http.MethodPatch, "/api/products/p003", `{"price":990}`)
	v.send(http.MethodPost, "/api/login", `{"email":"`+editor+`","password":"`+password+`"}`)
	v.send(http.MethodPatch, "/api/products/p003", `{"price":990}`)

	v.say("What shows the product is loaded anew; what does not is still there.")
	v.get("/api/products/p003")
	v.get("/api/products?category=desk")
	v.get("/api/categories")
	v.send(http.MethodPatch, "/api/products/p003", `{"price":-1}`)

	v.say("A new product, moved, and removed.")
	v.send(http.MethodPost, "/api/products", `{"name":"Brass Sharpener","price":890,"categoryId":"desk"}`)
	v.get(v.location)
	v.send(http.MethodPatch, v.location, `{"categoryId":"kitchen"}`)
	v.get("/api/products?category=desk")
	v.send(http.MethodDelete, v.location, "")
	v.get(v.location)
	v.get(v.location)

	v.say("The most viewed, signing out, and an address that asks too often.")
	v.get("/api/products/p007")
	v.get("/api/most-viewed")
	v.send(http.MethodPost, "/api/logout", "")
	v.get("/api/me")
	v.flood("/api/categories")
	return v.err
}

// visit is somebody with cookies. After its first error it does nothing more.
type visit struct {
	ctx      context.Context
	url      string
	out      io.Writer
	client   *http.Client
	location string // of what was created last
	err      error
}

func (v *visit) say(text string) { _, _ = fmt.Fprintf(v.out, "%s\n", text) }

func (v *visit) get(path string) { v.send(http.MethodGet, path, "") }

// widest is how much of a body is shown.
const widest = 64

func (v *visit) send(method, path, body string) {
	res, text := v.do(method, path, body)
	if v.err != nil {
		return
	}
	if at := res.header.Get("Location"); at != "" {
		v.location = at
	}
	shown := path
	if v.location != "" {
		shown = strings.ReplaceAll(path, v.location, "/api/products/{new}")
		text = strings.ReplaceAll(text, strings.TrimPrefix(v.location, "/api/products/"), "{new}")
	}
	if len(text) > widest {
		text = text[:widest] + "..."
	}
	from := "  "
	switch res.header.Get("Cache-Status") {
	case "upstash; hit":
		from = "hit"
	case "upstash; fwd=miss":
		from = "miss"
	}
	line := fmt.Sprintf("  %-6s %-28s %d %-4s %s", method, shown, res.status, from, text)
	_, _ = fmt.Fprintln(v.out, strings.TrimRight(line, " "))
}

// flood asks until the limit of the path is reached.
func (v *visit) flood(path string) {
	const most = 110
	asked := 0
	for asked < most && v.err == nil {
		res, _ := v.do(http.MethodGet, path, "")
		if asked++; v.err == nil && res.status == http.StatusTooManyRequests {
			_, _ = fmt.Fprintf(v.out, "  %-6s %-28s %d      %s\n", "GET", path, res.status, res.header.Get("RateLimit-Policy"))
			return
		}
	}
	if v.err == nil {
		v.err = fmt.Errorf("%d requests in a row were let through: expected a limit of 100", asked)
	}
}

func (v *visit) do(method, path, body string) (reply, string) {
	if v.err != nil {
		return reply{}, ""
	}
	r, err := http.NewRequestWithContext(v.ctx, method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.err = err
		return reply{}, ""
	}
	res, err := v.client.Do(r)
	if err != nil {
		v.err = err
		return reply{}, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	v.err = err
	return reply{res.StatusCode, res.Header}, strings.TrimSpace(string(text))
}

// reply is an answer without its body.
type reply struct {
	status int
	header http.Header
}
