package upstash_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

const (
	otherURL   = "https://other.upstash.io"
	otherToken = "other-token"
)

// setEnv sets what is given and clears the rest.
func setEnv(t *testing.T, env map[string]string) {
	t.Helper()
	for _, name := range []string{upstash.EnvURL, upstash.EnvToken, upstash.EnvKVURL, upstash.EnvKVToken} {
		t.Setenv(name, env[name])
	}
}

func TestFromEnv(t *testing.T) { //nolint:paralleltest // the environment belongs to the process
	const url, token, kvURL, kvToken = "UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN", "KV_REST_API_URL", "KV_REST_API_TOKEN"
	for name, test := range map[string]struct { //nolint:paralleltest // as above
		env  map[string]string
		want upstash.Options
		says []string // in this order
	}{
		"console pair": {env: map[string]string{url: testURL, token: testToken}, want: upstash.Options{URL: testURL, Token: testToken}},
		"KV pair":      {env: map[string]string{kvURL: otherURL, kvToken: otherToken}, want: upstash.Options{URL: otherURL, Token: otherToken}},
		"both pairs": {
			env:  map[string]string{url: testURL, token: testToken, kvURL: otherURL, kvToken: otherToken},
			want: upstash.Options{URL: testURL, Token: testToken},
		},
		"pair and a half": {env: map[string]string{url: testURL, token: testToken, kvURL: otherURL}, want: upstash.Options{URL: testURL, Token: testToken}},
		"nothing":         {says: []string{url + " and " + token + " are missing"}},
		"no token":        {env: map[string]string{url: testURL}, says: []string{url + " is set but " + token + " is missing"}},
		"no URL":          {env: map[string]string{token: testToken}, says: []string{token + " is set but " + url + " is missing"}},
		"no KV token":     {env: map[string]string{kvURL: otherURL}, says: []string{kvURL + " is set but " + kvToken + " is missing"}},
		"no KV URL":       {env: map[string]string{kvToken: otherToken}, says: []string{kvToken + " is set but " + kvURL + " is missing"}},
		"halves, never mixed": {
			env: map[string]string{url: testURL, kvToken: otherToken}, says: []string{url + " is set but " + token + " is missing"},
		},
		"other halves": {
			env: map[string]string{token: testToken, kvURL: otherURL}, says: []string{token + " is set but " + url + " is missing"},
		},
		"half and a pair": {
			env:  map[string]string{url: testURL, kvURL: otherURL, kvToken: otherToken},
			says: []string{url + " is set but " + token + " is missing"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			setEnv(t, test.env)
			got, err := upstash.OptionsFromEnv()
			if diff := cmp.Diff([]string{test.want.URL, test.want.Token}, []string{got.URL, got.Token}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			rdb, newErr := upstash.FromEnv()
			if (err == nil) != (test.says == nil) || (newErr == nil) != (rdb != nil) || (newErr == nil) != (err == nil) {
				t.Fatal(rdb, err, newErr)
			}
			for _, says := range test.says {
				if !strings.Contains(err.Error(), says) || newErr.Error() != err.Error() {
					t.Errorf("%v does not say %q", err, says)
				}
			}
			if err != nil && leak(err.Error(), append(secrets, otherURL, otherToken)) != "" {
				t.Errorf("the message repeats the environment: %v", err)
			}
		})
	}
}

func TestFromEnvRefusesWhatNewRefuses(t *testing.T) { //nolint:paralleltest // the environment belongs to the process
	setEnv(t, map[string]string{upstash.EnvURL: "redis://" + marker, upstash.EnvToken: testToken})
	if rdb, err := upstash.FromEnv(); rdb != nil || err == nil || !strings.Contains(err.Error(), "TCP clients") {
		t.Error(rdb, err)
	}
}

// One test, because what is shared stays for the process.
func TestShared(t *testing.T) { //nolint:paralleltest // the environment belongs to the process
	setEnv(t, nil)
	if rdb, err := upstash.Shared(); rdb != nil || err == nil {
		t.Fatal(rdb, err)
	}
	setEnv(t, map[string]string{upstash.EnvURL: testURL, upstash.EnvToken: testToken})
	first, err := upstash.Shared()
	if err != nil {
		t.Fatalf("the failure was remembered: %v", err)
	}
	setEnv(t, nil)
	got := make(chan *upstash.Client)
	for range 10 {
		go func() {
			rdb, _ := upstash.Shared()
			got <- rdb
		}()
	}
	for range 10 {
		if rdb := <-got; rdb != first {
			t.Errorf("another client: %p, not %p", rdb, first)
		}
	}
	if fresh := upstash.Must(upstash.New(upstash.Options{URL: testURL, Token: testToken})); fresh == first {
		t.Error("New returned the shared client")
	}
}

func TestMust(t *testing.T) {
	t.Parallel()
	defer func() {
		err, ok := recover().(error)
		if !ok || !strings.Contains(err.Error(), "URL is empty") {
			t.Errorf("panicked with %v", err)
		}
	}()
	upstash.Must(upstash.New(upstash.Options{}))
	t.Error("it did not panic")
}
