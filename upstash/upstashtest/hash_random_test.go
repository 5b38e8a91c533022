package upstashtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A server does with hashes what the model does, whatever the commands, however
// they come, and whenever.
func TestHashesRandomly(t *testing.T) {
	t.Parallel()
	seeds := uint64(12)
	if os.Getenv("UPSTASH_LONG") != "" {
		seeds = 400
	}
	for seed := range seeds {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			if diff := hashDifference(t, seed, 1500, ""); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Each flaw of the model is noticed.
func TestHashesRandomlyNoticesFlaws(t *testing.T) {
	t.Parallel()
	for _, flaw := range modelFlaws {
		t.Run(flaw, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(12) {
				if hashDifference(t, seed, 1500, flaw) != "" {
					return
				}
			}
			t.Error("nothing was noticed")
		})
	}
}

// hashDifference executes random commands on a server and on the model, and
// tells the first that is not answered alike, with what led to it.
func hashDifference(t *testing.T, seed uint64, commands int, flaw string) string {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
	m := newHashModel(start, flaw)
	r := hashCommands{rand.New(rand.NewPCG(seed, 11)), m}
	var story []string
	for range commands {
		if r.IntN(6) == 0 {
			d := r.pause()
			srv.Advance(d)
			m.advance(d)
			story = append(story, "... "+d.String())
		}
		words, way := r.next(), ways[r.IntN(len(ways))]
		story = append(story, strings.Join(words, " ")+" "+way)
		want := m.do(words)
		text, isError := want.(modelError)
		if !isError {
			text = modelError(encoded(t, want))
		}
		if got := answered(t, srv, way, words); got != string(text) {
			return fmt.Sprintf("%s: %s, want %s", strings.Join(story[max(0, len(story)-12):], "\n"), got, text)
		}
	}
	return ""
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// hashCommands makes random commands, most of them about what exists and ends
// soon.
type hashCommands struct {
	*rand.Rand
	m *hashModel
}

func (r hashCommands) pick(choices ...string) string { return choices[r.IntN(len(choices))] }

// pause is often long enough for something to end, and to the millisecond so.
func (r hashCommands) pause() time.Duration {
	switch r.IntN(4) {
	case 0:
		return time.Duration(r.IntN(3_000_000)) * time.Nanosecond
	case 1:
		if next := r.m.nextEnd(); next > 1 {
			return next - time.Duration(r.IntN(2))
		}
	}
	return time.Duration(r.IntN(3000)) * time.Millisecond
}

// time is a number for a unit: now and then of the past.
func (r hashCommands) time(unit string) string {
	n := int64(r.IntN(6000))
	if len(unit) == 4 {
		n += r.m.now.UnixMilli() - 500
	}
	if unit[0] == 'E' {
		n /= 1000
	}
	return strconv.FormatInt(n, 10)
}

func (r hashCommands) fields() []string {
	words := []string{"FIELDS", strconv.Itoa(1 + r.IntN(3))}
	for range words[1][0] - '0' {
		words = append(words, r.field())
	}
	return words
}

func (r hashCommands) field() string { return r.pick("a", "b", "c", "d") }
func (r hashCommands) value() string { return strconv.Itoa(r.IntN(90)) }
func (r hashCommands) key() string   { return r.pick("k", "k", "k", "x") }

func (r hashCommands) next() []string {
	key := r.key()
	units := map[string]string{"HEXPIRE": "EX", "HPEXPIRE": "PX", "HEXPIREAT": "EXAT", "HPEXPIREAT": "PXAT"}
	switch name := r.pick("HSET", "HSET", "HSETEX", "HSETEX", "HGETEX", "HGETDEL", "HDEL", "HINCRBY", "HSETNX", "HPERSIST",
		"HEXPIRE", "HPEXPIRE", "HPEXPIRE", "HEXPIREAT", "HPEXPIREAT", "ask", "ask", "ask", "generic"); name {
	case "HSET":
		return []string{name, key, r.field(), r.value(), r.field(), r.value()}
	case "HSETNX", "HINCRBY":
		return []string{name, key, r.field(), r.value()}
	case "HDEL":
		return []string{name, key, r.field(), r.field()}
	case "HPERSIST", "HGETDEL":
		return append([]string{name, key}, r.fields()...)
	case "HSETEX":
		words := []string{name, key}
		if condition := r.pick("FNX", "FXX", "", ""); condition != "" {
			words = append(words, condition)
		}
		words = append(words, r.expiry("KEEPTTL")...)
		fields := r.fields()
		words = append(words, fields[:2]...)
		for _, field := range fields[2:] {
			words = append(words, field, r.value())
		}
		return words
	case "HGETEX":
		return append(append([]string{name, key}, r.expiry("PERSIST")...), r.fields()...)
	case "ask":
		switch ask := r.pick("HGET", "HLEN", "HKEYS", "HGETALL", "HGETALL", "HTTL", "HPTTL", "HEXPIRETIME", "HPEXPIRETIME", "EXISTS", "TYPE"); ask {
		case "HGET":
			return []string{ask, key, r.field()}
		case "HTTL", "HPTTL", "HEXPIRETIME", "HPEXPIRETIME":
			return []string{ask, key, "FIELDS", "4", "a", "b", "c", "d"}
		default:
			return []string{ask, key}
		}
	case "generic":
		switch generic := r.pick("DEL", "DEL", "SET", "PEXPIRE", "RENAME", "COPY"); generic {
		case "SET":
			return []string{generic, "x", "v"}
		case "PEXPIRE":
			return []string{generic, key, strconv.Itoa(1 + r.IntN(5000))}
		case "RENAME":
			return []string{generic, key, r.key()}
		case "COPY":
			words := []string{generic, key, r.key(), "REPLACE"}
			return words[:3+r.IntN(2)]
		default:
			return []string{generic, r.pick("k", "x", "x")}
		}
	default: // one of the HEXPIRE family
		words := []string{name, key, r.time(units[name])}
		if condition := r.pick("NX", "XX", "GT", "LT", "", ""); condition != "" {
			words = append(words, condition)
		}
		return append(words, r.fields()...)
	}
}

// expiry is a unit and its time, the word given, or nothing.
func (r hashCommands) expiry(word string) []string {
	switch unit := r.pick("EX", "PX", "PX", "EXAT", "PXAT", word, ""); unit {
	case "":
		return nil
	case word:
		return []string{word}
	default:
		return []string{unit, r.time(unit)}
	}
}
