package upstash_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// documented is one call of a method and what the service's documentation says
// about it: the command that goes out, and the reply that comes, as JSON.
type documented struct {
	method string
	call   func(context.Context, *upstash.Client) (any, error)
	sent   []string
	reply  string
	want   any // the value, or the error
}

// says makes a documented from a method that returns a value.
func says[T any](method string, call func(context.Context, *upstash.Client) (T, error), reply string, want any, sent ...string) documented {
	return documented{method, func(ctx context.Context, rdb *upstash.Client) (any, error) { return call(ctx, rdb) }, sent, reply, want}
}

// succeeds makes a documented from a method that returns just an error.
func succeeds(method string, call func(context.Context, *upstash.Client) error, reply string, want any, sent ...string) documented {
	return documented{method, func(ctx context.Context, rdb *upstash.Client) (any, error) { return nil, call(ctx, rdb) }, sent, reply, want}
}

// checkDocumented makes each call in both JSON formats. No method whose name begins
// with prefix may be missing.
func checkDocumented(t *testing.T, prefix string, calls []documented) {
	t.Helper()
	made := map[string]bool{}
	for _, d := range calls {
		made[d.method] = true
		for _, format := range []upstash.ReplyFormat{upstash.FormatBase64, upstash.FormatJSON} {
			d.check(t, format)
		}
	}
	for method := range reflect.TypeFor[upstash.Commands]().Methods() {
		if strings.HasPrefix(method.Name, prefix) && !made[method.Name] {
			t.Errorf("%s is not called", method.Name)
		}
	}
}

func (d documented) check(t *testing.T, format upstash.ReplyFormat) {
	t.Helper()
	var sent []string
	rdb := newClient(t, mock(func(req *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(body, &sent); err != nil {
			return nil, err
		}
		encoded := req.Header.Get("Upstash-Encoding") == "base64"
		if encoded != (format == upstash.FormatBase64) {
			t.Errorf("%s: Upstash-Encoding is base64: %v", d.method, encoded)
		}
		return answer(200, inJSON, `{"result":`+written(t, d.reply, encoded)+`}`)(req)
	}), func(o *upstash.Options) { o.Format = format })
	got, err := d.call(t.Context(), rdb)
	if diff := cmp.Diff(d.sent, sent); diff != "" {
		t.Errorf("%s: sent (-want +got):\n%s", d.method, diff)
	}
	want := d.want
	if wantErr, isError := want.(error); isError {
		if !errors.Is(err, wantErr) {
			t.Errorf("%s of %s: the error is %v, want %v", d.method, d.reply, err, wantErr)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s of %s: %v (-want +got):\n%s", d.method, d.reply, err, diff)
	}
}

// written is a reply as the service writes it: its strings in base64, OK excepted.
func written(t *testing.T, reply string, encoded bool) string {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(reply))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		t.Fatalf("%s: %v", reply, err)
	}
	if encoded {
		tree = inBase64(tree)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(tree); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func inBase64(v any) any {
	switch v := v.(type) {
	case string:
		if v != "OK" {
			return base64.StdEncoding.EncodeToString([]byte(v))
		}
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = inBase64(item)
		}
		return list
	}
	return v
}
