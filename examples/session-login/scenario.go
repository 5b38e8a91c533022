package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// scenario visits the site with two browsers and prints what they see.
func scenario(ctx context.Context, base string, out io.Writer) error {
	s := &story{ctx: ctx, base: base, out: out}
	laptop, phone := s.browser("Laptop"), s.browser("Phone")

	laptop.open("/")
	laptop.send("/login", url.Values{"email": {email}, "password": {"wrong"}})
	laptop.send("/login", url.Values{"email": {email}, "password": {password}})
	phone.open("/login")
	phone.send("/login", url.Values{"email": {email}, "password": {password}})
	laptop.open("/")

	s.say("\nA form without its token, and one from another site:")
	laptop.forge("/logout/everywhere", "same-origin")
	laptop.forge("/logout/everywhere", "cross-site")

	s.say("\nThe laptop signs the phone out:")
	laptop.send(laptop.otherDevice(), nil)
	phone.open("/")
	phone.send("/login", url.Values{"email": {email}, "password": {password}})

	s.say("\nThe phone signs out everywhere:")
	phone.send("/logout/everywhere", nil)
	laptop.open("/")
	return s.err
}

// story prints until its first error.
type story struct {
	ctx  context.Context
	base string
	out  io.Writer
	err  error
}

func (s *story) say(text string) { _, _ = fmt.Fprintln(s.out, text) }

// browser is somebody's, with cookies and the page that it shows.
type browser struct {
	*story
	name   string
	client *http.Client
	page   string
}

func (s *story) browser(name string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.err = err
	}
	return &browser{story: s, name: name, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

func (b *browser) open(path string) { b.ask(http.MethodGet, path, nil, "same-origin") }

// send sends a form of the page that is shown, with the token that is in it.
func (b *browser) send(path string, fields url.Values) {
	if fields == nil {
		fields = url.Values{}
	}
	fields.Set(session.CSRFField, b.find(`name="csrf_token" value="([^"]+)"`))
	b.ask(http.MethodPost, path, fields, "same-origin")
}

// forge sends a form that is not of the page.
func (b *browser) forge(path, from string) { b.ask(http.MethodPost, path, url.Values{}, from) }

func (b *browser) otherDevice() string { return b.find(`action="(/devices/[^"]+)"`) }

func (b *browser) find(pattern string) string {
	match := regexp.MustCompile(pattern).FindStringSubmatch(b.page)
	if match == nil {
		if b.err == nil {
			b.err = fmt.Errorf("the page of the %s has nothing like %s", b.name, pattern)
		}
		return ""
	}
	return match[1]
}

// ask sends a request and prints the page that comes of it.
func (b *browser) ask(method, path string, fields url.Values, from string) {
	if b.err != nil {
		return
	}
	r, err := http.NewRequestWithContext(b.ctx, method, b.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		b.err = err
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", b.name)
	r.Header.Set("Sec-Fetch-Site", from) // as browsers say it
	res, err := b.client.Do(r)
	if err != nil {
		b.err = err
		return
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	b.err = err
	if res.StatusCode != http.StatusForbidden { // a refusal is no page to go on from
		b.page = string(page)
	}
	shown := regexp.MustCompile(`^/devices/[^/]+`).ReplaceAllString(path, "/devices/{id}")
	_, _ = fmt.Fprintf(b.out, "  %-7s %-4s %-18s %d %s\n", b.name, method, shown, res.StatusCode, b.summary(string(page)))
}

// summary is what matters of a page.
func (b *browser) summary(page string) string {
	devices := regexp.MustCompile(`<li>([A-Za-z]+), since [0-9:]+( \(here\))?`).FindAllStringSubmatch(page, -1)
	if devices == nil {
		for _, text := range []string{"There is no such email and password.", "Sign in</button>"} {
			if strings.Contains(page, text) {
				return strings.TrimSuffix(text, "</button>")
			}
		}
		return strings.TrimSpace(page)
	}
	names := make([]string, len(devices))
	for i, d := range devices {
		names[i] = d[1] + d[2]
	}
	return regexp.MustCompile(`You are [^<]+`).FindString(page) + " Devices: " + strings.Join(names, ", ")
}
