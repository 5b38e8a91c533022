package upstashtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRedisAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]redisAddress{
		"127.0.0.1:6379":                {hostPort: "127.0.0.1:6379"},
		"localhost:1":                   {hostPort: "localhost:1"},
		"[::1]:6379":                    {hostPort: "[::1]:6379"},
		"redis://cache":                 {hostPort: "cache:6379"},
		"redis://cache:7000":            {hostPort: "cache:7000"},
		"redis://cache:7000/":           {hostPort: "cache:7000"},
		"redis://cache:7000/0":          {hostPort: "cache:7000"},
		"redis://[::1]":                 {hostPort: "[::1]:6379"},
		"redis://:s3cret@cache:1":       {hostPort: "cache:1", password: "s3cret", login: true},
		"redis://eve:s3cret@cache:1":    {hostPort: "cache:1", user: "eve", password: "s3cret", login: true},
		"redis://eve@cache:1":           {hostPort: "cache:1", user: "eve", login: true},
		"redis://:p%40ss%3Aw%2Frd@h:1":  {hostPort: "h:1", password: "p@ss:w/rd", login: true},
		"redis://eve:s3cret@[::1]:7/0":  {hostPort: "[::1]:7", user: "eve", password: "s3cret", login: true},
		"redis://:%D0%BA%D0%BB@cache:1": {hostPort: "cache:1", password: "кл", login: true},
	} {
		got, err := parseRedisAddress(text)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(redisAddress{})); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestRedisAddressesThatAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "neither",
		"cache":                         "neither",
		":6379":                         "neither",
		"eve:s3cret@cache:1":            "neither",
		"s3cret@cache:1":                "neither",
		"cache:0":                       "the port",
		"cache:s3cret":                  "the port",
		"cache:65536":                   "the port",
		"redis://":                      "neither",
		"redis://:s3cret@":              "neither",
		"redis://:s3cret@cache:99999":   "the port",
		"redis://:s3cret@cache:port":    "no URL",
		"redis://:s3c ret@cache:1":      "no URL",
		"redis://:s3cret/word@cache:1":  "no URL",
		"redis://:%zzs3cret@cache:1":    "no URL",
		"rediss://:s3cret@cache:1":      "TLS",
		"http://:s3cret@cache:1":        "neither",
		"redis://:s3cret@cache:1/1":     "another database",
		"redis://:s3cret@cache:1/0/1":   "another database",
		"redis://cache:1?word=s3cret":   "query",
		"redis://:s3cret@cache:1/0#top": "query",
	} {
		_, err := parseRedisAddress(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3c") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
