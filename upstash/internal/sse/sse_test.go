package sse_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/sse"
)

// read returns all events and the error after them.
func read(r io.Reader, limit int) (events []string, err error) {
	reader := sse.NewReader(r, limit)
	for {
		event, err := reader.Next()
		if err != nil {
			return events, err
		}
		events = append(events, event)
	}
}

const limit = 1 << 20

var streams = map[string]struct {
	text string
	want []string
}{
	"one":                          {"data: a\n\n", []string{"a"}},
	"two":                          {"data: a\n\ndata: b\n\n", []string{"a", "b"}},
	"several lines":                {"data: a\ndata: b\ndata: c\n\n", []string{"a\nb\nc"}},
	"CR":                           {"data: a\rdata: b\r\rdata: c\r\r", []string{"a\nb", "c"}},
	"CRLF":                         {"data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", []string{"a\nb", "c"}},
	"line ends mixed":              {"data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\r", []string{"a\nb\nc", "d"}},
	"CR CR LF is two ends":         {"data: a\r\r\ndata: b\n\n", []string{"a", "b"}},
	"LF CR is two ends":            {"data: a\n\rdata: b\n\n", []string{"a", "b"}},
	"no space":                     {"data:a\n\n", []string{"a"}},
	"one space only is dropped":    {"data:  a \n\n", []string{" a "}},
	"no tab is dropped":            {"data:\ta\n\n", []string{"\ta"}},
	"empty":                        {"data:\n\n", []string{""}},
	"empty, without a colon":       {"data\n\n", []string{""}},
	"two empty lines of data":      {"data\ndata\n\n", []string{"\n"}},
	"comments":                     {": hello\n\n:\ndata: a\n: b\ndata: c\n\n:", []string{"a\nc"}},
	"other fields":                 {"event: message\nid: 7\nretry: 10\nx: y\nstrange\ndata: a\n\n", []string{"a"}},
	"no data, no event":            {"event: x\nid: 1\n\n\n\ndata: a\n\n", []string{"a"}},
	"names are exact":              {"Data: a\n data: b\ndata : c\ndatas: d\n\ndata: e\n\n", []string{"e"}},
	"colons in data":               {"data: a: b:c\n\n", []string{"a: b:c"}},
	"byte order mark":              {"\uFEFFdata: a\n\n", []string{"a"}},
	"mark before an empty line":    {"\uFEFF\n\ndata: a\n\n", []string{"a"}},
	"only one mark is dropped":     {"\uFEFF\uFEFFdata: a\n\ndata: b\n\n", []string{"b"}},
	"mark later":                   {"data: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n", []string{"a", "\uFEFFc"}},
	"unfinished line":              {"data: a\n\ndata: b", []string{"a"}},
	"unfinished event":             {"data: a\n\ndata: b\n", []string{"a"}},
	"unicode":                      {"data: é日本👩‍🚀\u2028\u0085\n\n", []string{"é日本👩‍🚀\u2028\u0085"}},
	"not UTF-8":                    {"data: \xff\xc3\x00\n\n", []string{"\xff\xc3\x00"}},
	"nothing":                      {"", nil},
	"empty lines":                  {"\n\r\r\n\n", nil},
	"longer than the buffer":       {"data: " + strings.Repeat("x", 70_000) + "\n\ndata: a\n\n", []string{strings.Repeat("x", 70_000), "a"}},
	"many lines":                   {strings.Repeat("data: x\n", 5000) + "\n", []string{strings.Repeat("x\n", 4999) + "x"}},
	"a line end beside the buffer": {"data: " + strings.Repeat("x", 4<<10-7) + "\r\n\r\ndata: a\r\n\r\n", []string{strings.Repeat("x", 4<<10-7), "a"}},
}

func TestStreams(t *testing.T) {
	t.Parallel()
	for name, test := range streams {
		got, err := read(strings.NewReader(test.text), limit)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: it ended with %v", name, err)
		}
	}
}

// Wherever a network cuts the stream into pieces, the events are the same.
func TestAnyChunking(t *testing.T) {
	t.Parallel()
	for name, test := range streams {
		whole, _ := read(strings.NewReader(test.text), limit)
		readers := []io.Reader{
			iotest.OneByteReader(strings.NewReader(test.text)), iotest.HalfReader(strings.NewReader(test.text)),
			iotest.DataErrReader(strings.NewReader(test.text)),
		}
		for cut := range min(len(test.text), 200) {
			readers = append(readers, io.MultiReader(strings.NewReader(test.text[:cut]), strings.NewReader(test.text[cut:])))
		}
		for i, r := range readers {
			got, err := read(r, limit)
			if diff := cmp.Diff(whole, got); diff != "" || !errors.Is(err, io.EOF) {
				t.Errorf("%s, reader %d: %v (-whole +cut)\n%s", name, i, err, diff)
			}
		}
	}
}

// An event is there when its last byte is: the reader asks for no more, which
// could be a long time coming.
func TestEventsDoNotWait(t *testing.T) {
	t.Parallel()
	more := errors.New("the reader asked for more")
	for _, text := range []string{"data: a\n\n", "data: a\r\r", "data: a\r\n\r", "data: a\n\r", "data: a\r\n\r\n"} {
		got, err := sse.NewReader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(more)), limit).Next()
		if got != "a" || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	const limit = 100
	for name, test := range map[string]struct {
		text string
		long bool
	}{
		"at the limit":            {"data: " + strings.Repeat("x", limit) + "\n\n", false},
		"above it":                {"data: " + strings.Repeat("x", limit+1) + "\n\n", true},
		"above it, without space": {"data:" + strings.Repeat("x", limit+1) + "\n\n", true},
		"in lines, at it":         {strings.Repeat("data: x\n", limit/2) + "\n", false},
		"in lines, above it":      {strings.Repeat("data: x\n", limit/2+1) + "\n", true},
		"in empty lines":          {strings.Repeat("data\n", limit+2) + "\n", true},
		"a comment":               {": " + strings.Repeat("x", limit+10) + "\n", true},
		"a line without an end":   {strings.Repeat("x", 10*limit), true},
		"many events":             {strings.Repeat("data: xxx\n\n", 10*limit), false},
	} {
		for _, r := range []io.Reader{strings.NewReader(test.text), iotest.OneByteReader(strings.NewReader(test.text))} {
			_, err := read(r, limit)
			if errors.Is(err, sse.ErrTooLong) != test.long {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// An endless line is given up at the limit, and not when memory ends.
func TestEndlessLine(t *testing.T) {
	t.Parallel()
	if _, err := sse.NewReader(endless{}, 1<<20).Next(); !errors.Is(err, sse.ErrTooLong) {
		t.Errorf("the error is %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestErrorsOfTheReaderBelow(t *testing.T) {
	t.Parallel()
	reset := errors.New("reset")
	got, err := read(io.MultiReader(strings.NewReader("data: a\n\ndata: b\n"), iotest.ErrReader(reset)), limit)
	if diff := cmp.Diff([]string{"a"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !errors.Is(err, reset) {
		t.Errorf("the error is %v", err)
	}
}
