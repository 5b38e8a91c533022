package sse_test

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/sse"
)

// oracle reads a whole stream the simple way.
func oracle(text string) (events []string) {
	text = strings.TrimPrefix(text, "\uFEFF")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	lines := strings.Split(text, "\n")
	var data []string
	for _, line := range lines[:len(lines)-1] { // the last one has no end
		name, value, _ := strings.Cut(line, ":")
		switch {
		case line == "" && data != nil:
			events, data = append(events, strings.Join(data, "\n")), nil
		case name == "data":
			data = append(data, strings.TrimPrefix(value, " "))
		}
	}
	return events
}

func FuzzReader(f *testing.F) {
	for _, test := range streams {
		f.Add(test.text, 7)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		want := oracle(text)
		for _, r := range []io.Reader{
			strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)),
			bufio.NewReaderSize(strings.NewReader(text), max(16, size%1000)),
		} {
			got, err := read(r, len(text))
			if diff := cmp.Diff(want, got); diff != "" || !errors.Is(err, io.EOF) {
				t.Fatalf("%v (-want +got)\n%s", err, diff)
			}
		}
		// With a limit there are fewer events, and none is longer.
		limit := size & 0xFF
		got, err := read(strings.NewReader(text), limit)
		if !errors.Is(err, io.EOF) && !errors.Is(err, sse.ErrTooLong) {
			t.Fatalf("the error is %v", err)
		}
		if len(got) > len(want) {
			t.Fatalf("%d events instead of %d", len(got), len(want))
		}
		if diff := cmp.Diff(append([]string(nil), want[:len(got)]...), got); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
		for _, event := range got {
			if len(event) > limit {
				t.Fatalf("an event of %d bytes, the limit is %d", len(event), limit)
			}
		}
	})
}
