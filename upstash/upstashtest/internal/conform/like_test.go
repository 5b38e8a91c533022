package conform

import (
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestLikeness(t *testing.T) {
	t.Parallel()
	exact, slack, unordered := likeness{}, likeness{slack: time.Second}, likeness{unordered: true}
	east := time.FixedZone("east", 3600)
	for name, tt := range map[string]struct {
		like      likeness
		want, got any
		is        bool
	}{
		"texts":                     {exact, "a", "a", true},
		"other texts":               {exact, "a", "b", false},
		"other types":               {exact, int64(1), 1, false},
		"nothing":                   {exact, nil, nil, true},
		"nothing and something":     {exact, nil, "a", false},
		"something and an error":    {exact, "a", errors.New("a"), false},
		"absent":                    {exact, absent{}, absent{}, true},
		"codes":                     {exact, refused("ERR"), refused("WRONGTYPE"), false},
		"no items and no list":      {exact, []string{}, []string(nil), false},
		"lists":                     {exact, []any{int64(1), nil}, []any{int64(1), nil}, true},
		"lists, one longer":         {exact, []string{"a"}, []string{"a", "b"}, false},
		"order":                     {exact, []string{"a", "b"}, []string{"b", "a"}, false},
		"no order":                  {unordered, []string{"a", "b"}, []string{"b", "a"}, true},
		"no order, another twice":   {unordered, []string{"a", "a", "b"}, []string{"a", "b", "b"}, false},
		"no order, a page":          {unordered, whole(z("a", 1), z("b", 2)), whole(z("b", 2), z("a", 1)), true},
		"no order, another cursor":  {unordered, whole("a"), command.Page[string]{Cursor: "7", Items: []string{"a"}}, false},
		"maps":                      {exact, map[string]string{"a": "1"}, map[string]string{"a": "1"}, true},
		"maps, another value":       {exact, map[string]string{"a": "1"}, map[string]string{"a": "2"}, false},
		"maps, another key":         {exact, map[string]string{"a": "1"}, map[string]string{"b": "1"}, false},
		"maps, no map":              {exact, map[string]string{}, map[string]string(nil), false},
		"instants":                  {exact, some(farOff), some(farOff.In(east)), true},
		"instants with slack":       {slack, farOff, farther, false},
		"durations":                 {exact, time.Minute, time.Minute + 1, false},
		"durations with slack":      {slack, some(time.Minute), some(59 * time.Second), true},
		"durations with less slack": {slack, time.Minute, 58 * time.Second, false},
	} {
		if got := tt.like.of(tt.want, tt.got); got != tt.is {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		"nothing": absent{}, "the error ERR": refused("ERR"), "the error gone": errors.New("gone"),
		`"a b"`: "a b", `["a" "b"]`: []string{"a", "b"}, "{V:1m0s Valid:true}": some(time.Minute),
	} {
		if got := shown(v); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
