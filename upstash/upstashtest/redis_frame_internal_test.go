package upstashtest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRedisFrames(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("*1\r\n", maxNesting)
	for name, tt := range map[string]struct {
		in   string
		want error // nil when in is one frame
	}{
		"status":            {"+OK\r\n", nil},
		"empty status":      {"+\r\n", nil},
		"error":             {"-ERR no\r\n", nil},
		"integer":           {":-42\r\n", nil},
		"largest integer":   {":9223372036854775807\r\n", nil},
		"bulk":              {"$3\r\nabc\r\n", nil},
		"empty bulk":        {"$0\r\n\r\n", nil},
		"binary bulk":       {"$6\r\n\x00\r\n\xff+:\r\n", nil},
		"nil bulk":          {"$-1\r\n", nil},
		"nil array":         {"*-1\r\n", nil},
		"empty array":       {"*0\r\n", nil},
		"lone ends in text": {"+a\rb\nc\r\n", nil},
		"nested":            {"*3\r\n*2\r\n:1\r\n$-1\r\n-ERR in\r\n*0\r\n", nil},
		"deepest":           {deep + ":1\r\n", nil},
		"longer than a buf": {"+" + strings.Repeat("x", 10_000) + "\r\n", nil},

		"nothing":          {"", io.ErrUnexpectedEOF},
		"half a line":      {"+O", io.ErrUnexpectedEOF},
		"half an end":      {"+OK\r", io.ErrUnexpectedEOF},
		"half a bulk":      {"$5\r\nab", io.ErrUnexpectedEOF},
		"bulk without end": {"$2\r\nab", io.ErrUnexpectedEOF},
		"half an array":    {"*2\r\n:1\r\n", io.ErrUnexpectedEOF},
		"no carriage":      {"+OK\n", io.ErrUnexpectedEOF},
		"empty line":       {"\r\n", errBadFrame},
		"unknown kind":     {"?1\r\n", errBadFrame},
		"map of RESP3":     {"%1\r\n+a\r\n+b\r\n", errBadFrame},
		"null of RESP3":    {"_\r\n", errBadFrame},
		"HTTP":             {"HTTP/1.1 400 Bad Request\r\n\r\n", errBadFrame},
		"no number":        {":x\r\n", errBadFrame},
		"too large number": {":9223372036854775808\r\n", errBadFrame},
		"no length":        {"$\r\n", errBadFrame},
		"negative length":  {"$-2\r\n", errBadFrame},
		"negative count":   {"*-7\r\n", errBadFrame},
		"bulk too short":   {"$5\r\nabc\r\n+\r\n", errBadFrame},
		"bulk too long":    {"$1\r\nabc\r\n", errBadFrame},
		"huge bulk":        {"$9223372036854775807\r\nx\r\n", errBadFrame},
		"gigabytes":        {"$2147483648\r\nx\r\n", errBadFrame},
		"huge array":       {"*9223372036854775807\r\n:1\r\n", io.ErrUnexpectedEOF},
		"too deep":         {deep + "*1\r\n:1\r\n", errBadFrame},
	} {
		for way, wrap := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "by bytes": iotest.OneByteReader,
		} {
			var got bytes.Buffer
			got.WriteString("before")
			in := bufio.NewReaderSize(wrap(strings.NewReader(tt.in)), 16)
			err := readFrame(in, &got)
			if !errors.Is(err, tt.want) {
				t.Errorf("%s, %s: error %v, want %v", name, way, err, tt.want)
			}
			if err == nil && got.String() != "before"+tt.in {
				t.Errorf("%s, %s: read %.80q", name, way, got.String())
			}
		}
	}
}

func TestRedisFrameEnds(t *testing.T) {
	t.Parallel()
	in := bufio.NewReader(strings.NewReader("*1\r\n$1\r\na\r\n+next\r\n"))
	var first, second bytes.Buffer
	if err := errors.Join(readFrame(in, &first), readFrame(in, &second)); err != nil {
		t.Fatal(err)
	}
	if first.String() != "*1\r\n$1\r\na\r\n" || second.String() != "+next\r\n" {
		t.Errorf("%q, then %q", &first, &second)
	}
}

// Whatever comes, a frame is a beginning of it, byte by byte; and what passes as a
// frame is what the rest of the server takes for a reply.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		"+OK\r\n", "-ERR x\r\n", ":1\r\n", "$3\r\nabc\r\n", "$-1\r\n", "*-1\r\n", "*2\r\n$1\r\na\r\n*0\r\n", "$1\r\nab\r\n", "*1\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var got bytes.Buffer
		err := readFrame(bufio.NewReaderSize(bytes.NewReader(in), 16), &got)
		_, rest, parseErr := appendValue(nil, in, false, 0)
		if (err == nil) != (parseErr == nil) {
			t.Fatalf("reading says %v, transcoding says %v", err, parseErr)
		}
		if err == nil && !bytes.Equal(got.Bytes(), in[:len(in)-len(rest)]) {
			t.Fatalf("read %q of %q", got.Bytes(), in)
		}
	})
}
