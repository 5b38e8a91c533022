package upstash_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestPrintedValuesShowNoSecret prints what holds the token, the URL or values,
// in the ways people do when they look for a mistake.
func TestPrintedValuesShowNoSecret(t *testing.T) {
	t.Parallel()
	options := upstash.Options{URL: testURL, Token: testToken, HTTPClient: &http.Client{}}
	rdb, err := upstash.New(options)
	if err != nil {
		t.Fatal(err)
	}
	batch := upstash.Batch{Commands: []command.Args{command.Set("k", marker).Args()}}
	script := upstash.NewScript("return '" + marker + "'")
	p := pipeline.New(rdb)
	waiting := p.GetSet("k", marker)
	srv := upstashtest.New(t)
	if err := srv.Client().Set(t.Context(), "k", marker); err != nil {
		t.Fatal(err)
	}
	done := pipeline.New(srv.Client())
	got := done.Get("k")
	if err := done.Exec(t.Context()); err != nil || got.Val() != marker {
		t.Fatal(got.Val(), err)
	}
	values := map[string]any{
		"Client": *rdb, "*Client": rdb, "Commands": rdb.Commands, "Options": options, "*Options": &options,
		"Batch": batch, "*Batch": &batch, "*Script": script, "Script.Eval": script.Eval(nil, marker),
		"*Pipeline": p, "Pipeline": *p, "*Queued": waiting, "Queued": *waiting, "executed": got,
		"list of Queued": []*pipeline.Queued[string]{waiting, got}, "struct": struct{ Q pipeline.Queued[string] }{*got},
		"struct of Options": struct{ O upstash.Options }{options}, "zero Client": upstash.Client{},
	}
	for name, v := range values {
		for _, text := range printed(v) {
			if secret := leak(text, secrets); secret != "" {
				t.Errorf("%s shows %q: %s", name, secret, text)
			}
		}
	}
	if text, err := json.Marshal(values["executed"]); err != nil || strings.Contains(string(text), marker) {
		t.Errorf("JSON of a Queued: %s, %v", text, err)
	}
}

// A panic of Must and the errors of the constructor are printed by the runtime.
func TestConstructorShowsNoSecret(t *testing.T) {
	t.Parallel()
	for _, o := range []upstash.Options{
		{URL: testURL + " ", Token: testToken}, {URL: "redis://default:" + testToken + "@" + testHost, Token: testToken},
		{URL: testURL, Token: testToken + "\n"}, {URL: testURL + "?_token=" + testToken, Token: testToken},
		{URL: "http://" + testHost, Token: testToken}, {URL: "https://" + testHost + "/%zz", Token: testToken},
	} {
		_, err := upstash.New(o)
		if err == nil {
			t.Errorf("%#v was accepted", o)
		}
		for _, text := range exposed(err) {
			if secret := leak(text, secrets); secret != "" {
				t.Errorf("%q is shown: %s", secret, text)
			}
		}
	}
}
