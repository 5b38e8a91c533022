package upstash_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func TestOptionsAreRefused(t *testing.T) {
	t.Parallel()
	const rest = "https://<name>.upstash.io"
	url := func(u string) upstash.Options { return upstash.Options{URL: u, Token: testToken} }
	token := func(s string) upstash.Options { return upstash.Options{URL: testURL, Token: s} }
	for name, test := range map[string]struct {
		o    upstash.Options
		says []string
	}{
		"no URL":                {url(""), []string{"URL is empty", rest}},
		"redis":                 {url("redis://default:" + marker + "@" + testHost + ":6379"), []string{"redis:// address for TCP clients", rest}},
		"rediss":                {url("rediss://" + marker), []string{"rediss:// address for TCP clients", rest}},
		"REDISS":                {url("REDISS://" + marker), []string{"address for TCP clients", rest}},
		"ftp":                   {url("ftp://" + marker), []string{"does not start with https://", rest}},
		"no scheme":             {url(marker + ".upstash.io"), []string{"does not start with https://", rest}},
		"host and port":         {url("localhost:8079"), []string{"does not start with https://", rest}},
		"scheme only":           {url("https://"), []string{"has no host", rest}},
		"port only":             {url("https://:8079"), []string{"has no host", rest}},
		"opaque":                {url("https:" + marker), []string{"has no host", rest}},
		"path without host":     {url("https:///" + marker), []string{"has no host", rest}},
		"user":                  {url("https://" + marker + "@" + testHost), []string{"user or a password"}},
		"user and password":     {url("https://default:" + marker + "@" + testHost), []string{"user or a password"}},
		"empty user":            {url("https://@" + testHost), []string{"user or a password"}},
		"query":                 {url(testURL + "?_token=" + marker), []string{"query or a fragment"}},
		"empty query":           {url(testURL + "?"), []string{"query or a fragment"}},
		"fragment":              {url(testURL + "#" + marker), []string{"query or a fragment"}},
		"empty fragment":        {url(testURL + "/#"), []string{"query or a fragment"}},
		"blank before":          {url(" " + testURL), []string{"blank or a line break", rest}},
		"blank after":           {url(testURL + " "), []string{"blank or a line break", rest}},
		"blank inside":          {url("https://" + marker + " .upstash.io"), []string{"blank or a line break", rest}},
		"newline":               {url(testURL + "\n"), []string{"blank or a line break", rest}},
		"tab":                   {url("\t" + testURL), []string{"blank or a line break", rest}},
		"no-break space":        {url(testURL + "\u00a0"), []string{"blank or a line break", rest}},
		"zero-width space":      {url(testURL + "\u200b"), []string{"blank or a line break", rest}},
		"byte order mark":       {url("\uFEFF" + testURL), []string{"blank or a line break", rest}},
		"NUL":                   {url(testURL + "\x00"), []string{"blank or a line break", rest}},
		"double quotes":         {url(`"` + testURL + `"`), []string{"does not parse", rest}},
		"single quotes":         {url("'" + testURL + "'"), []string{"does not parse", rest}},
		"bad escape":            {url(testURL + "/%zz" + marker), []string{"does not parse", rest}},
		"bad port":              {url(testURL + ":" + marker), []string{"does not parse", rest}},
		"plain http":            {url("http://" + marker + ".upstash.io"), []string{"plain http", "AllowInsecure"}},
		"plain http, local":     {url("http://localhost." + marker + ".io"), []string{"plain http", "AllowInsecure"}},
		"plain http, private":   {url("http://10.0.0.1"), []string{"plain http", "AllowInsecure"}},
		"plain http, any":       {url("http://0.0.0.0:80"), []string{"plain http", "AllowInsecure"}},
		"no token":              {token(""), []string{"token is empty", "REST token"}},
		"token, blank before":   {token(" " + marker), []string{"token contains a blank"}},
		"token, blank inside":   {token(marker + " " + marker), []string{"token contains a blank"}},
		"token, newline":        {token(marker + "\n"), []string{"token contains a blank or a line break"}},
		"token, CRLF":           {token(marker + "\r\nX-Header: 1"), []string{"token contains a blank or a line break"}},
		"token, double quotes":  {token(`"` + marker + `"`), []string{"token contains a quote"}},
		"token, single quotes":  {token("'" + marker + "'"), []string{"token contains a quote"}},
		"token, typographic":    {token("“" + marker + "”"), []string{"token contains a quote"}},
		"token, not ASCII":      {token(marker + "é"), []string{"character that no token has"}},
		"token, DEL":            {token(marker + "\x7f"), []string{"token contains"}},
		"negative MaxReply":     {upstash.Options{URL: testURL, Token: testToken, MaxReply: -1}, []string{"MaxReply is negative"}},
		"insecure is http only": {upstash.Options{URL: "ftp://" + marker, Token: testToken, AllowInsecure: true}, []string{"does not start with https://"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rdb, err := upstash.New(test.o)
			if err == nil || rdb != nil {
				t.Fatal("it was accepted")
			}
			for _, want := range test.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if !strings.HasPrefix(err.Error(), "upstash: ") || leak(err.Error(), secrets) != "" {
				t.Errorf("the message repeats the input, or does not say whose it is: %v", err)
			}
		})
	}
}

// Accepted URLs, and where requests then go.
func TestURLsThatAreAccepted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		o    upstash.Options
		want string
	}{
		"https":              {upstash.Options{URL: testURL}, testURL + "/"},
		"port":               {upstash.Options{URL: testURL + ":8443"}, testURL + ":8443/"},
		"trailing slash":     {upstash.Options{URL: testURL + "/"}, testURL + "/"},
		"trailing slashes":   {upstash.Options{URL: testURL + "///"}, testURL + "/"},
		"path prefix":        {upstash.Options{URL: testURL + "/redis/v1"}, testURL + "/redis/v1/"},
		"prefix and slash":   {upstash.Options{URL: testURL + "/redis/"}, testURL + "/redis/"},
		"escaped prefix":     {upstash.Options{URL: testURL + "/a%2Fb"}, testURL + "/a%2Fb/"},
		"upper-case scheme":  {upstash.Options{URL: "HTTPS://" + testHost}, testURL + "/"},
		"localhost":          {upstash.Options{URL: "http://localhost:8079"}, "http://localhost:8079/"},
		"name below":         {upstash.Options{URL: "http://redis.localhost"}, "http://redis.localhost/"},
		"IPv4 loopback":      {upstash.Options{URL: "http://127.0.0.1:8079"}, "http://127.0.0.1:8079/"},
		"all of 127/8":       {upstash.Options{URL: "http://127.9.8.7"}, "http://127.9.8.7/"},
		"IPv6 loopback":      {upstash.Options{URL: "http://[::1]:8079"}, "http://[::1]:8079/"},
		"insecure, allowed":  {upstash.Options{URL: "http://redis:8079", AllowInsecure: true}, "http://redis:8079/"},
		"https to localhost": {upstash.Options{URL: "https://localhost"}, "https://localhost/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			m := mock(func(req *http.Request) (*http.Response, error) {
				got = append(got, req.URL.String())
				return answer(200, inJSON, `[{"result":1},{"result":1}]`)(req)
			})
			test.o.Token, test.o.HTTPClient, test.o.Retry = testToken, &http.Client{Transport: m}, noRetry
			rdb, err := upstash.New(test.o)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range operations() {
				_ = op.run(t, rdb) // only the URL matters
			}
			base := strings.TrimSuffix(test.want, "/")
			want := []string{base + "/", base + "/", base + "/SET/" + marker + "-key", base + "/", base + "/pipeline", base + "/multi-exec"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
