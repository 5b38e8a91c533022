package upstash_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// payloads are what splitting by commas and lines could spoil, and what an event
// stream makes of them.
var payloads = map[string]string{
	"": "", "hello": "hello", "a,b": "a,b", ",": ",", ",,x,": ",,x,", "c,x": "c,x", "message,c,x": "message,c,x", "subscribe,c,1": "subscribe,c,1",
	"a\nb": "a\nb", "\n": "\n", "\n\n": "\n\n", "a\n\ndata: b\n\n": "a\n\ndata: b\n\n", ": x": ": x", "data: x": "data: x", " x ": " x ",
	"a\rb": "a\nb", "a\r\nb": "a\nb", "\r\r\n\n": "\n\n\n", "é日本👩‍🚀\u2028": "é日本👩‍🚀\u2028", "\uFEFF": "\uFEFF", "\x00": "\x00",
	`{"a":1}`: `{"a":1}`, "aGVsbG8=": "aGVsbG8=", strings.Repeat("é,\n", 1<<14): strings.Repeat("é,\n", 1<<14),
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	for sent, want := range payloads {
		var got []told
		for m, err := range rdb.Subscribe(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, tell(m)); len(got) == 3 {
				break
			}
			if m.Kind == upstash.Subscribed {
				publish(t, rdb.Commands, "other", "x")
				publish(t, rdb.Commands, "c", sent)
				publish(t, rdb.Commands, "c", "last")
			}
		}
		if diff := cmp.Diff([]told{subscribed, received(want), received("last")}, got); diff != "" {
			t.Errorf("%.40q (-want +got)\n%.1000s", sent, diff)
		}
	}
}

// Names are whatever Redis takes: they are escaped in the path and known again
// in the events.
func TestSubscribeToAnyName(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	names := []string{
		"c", "a,b", ",", "message", "a/b", "/", "?x=1", "#", "%", "%2F", "+", " ", "...", "é日本", "a\nb", "e\r\nf", "__keyspace@0__:*", `"`, "\x00",
		"c", // twice
	}
	var want, got []told
	for m, err := range rdb.Subscribe(t.Context(), names...) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Kind == upstash.Subscribed {
			want = append(want, subscribed)
			for _, name := range names[:len(names)-1] {
				if n := publish(t, rdb.Commands, name, "x,"+name); n != 1 {
					t.Errorf("%q: %d receivers", name, n)
				}
				payload := strings.ReplaceAll(strings.ReplaceAll(name, "\r\n", "\n"), "\r", "\n")
				want = append(want, told{Channel: name, Payload: "x," + payload})
			}
		}
		if got = append(got, tell(m)); len(got) == len(want) {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// One slash before the command and each of the names but the repeated one.
	if paths := srv.Requests()[0].Path; strings.Count(paths, "/") != len(names) {
		t.Errorf("the path is %s: a name was sent twice", paths)
	}
}

func TestPSubscribe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, rdb := inBubble(t)
		type message struct{ channel, payload string }
		sent := []message{{"news.a", "1"}, {"x", "none"}, {"news.b", "2,3"}, {"a,b", "4,5"}, {"one,two,x", "6,7"}, {"k", ""}}
		want := []told{
			subscribed,
			{Channel: "news.a", Pattern: "news.*", Payload: "1"},
			{Channel: "news.b", Pattern: "news.*", Payload: "2,3"},
			{Channel: "a,b", Pattern: "a,[bc]", Payload: "4,5"},
			{Channel: "one,two,x", Pattern: "*,x", Payload: "6,7"},
			{Channel: "k", Pattern: "k", Payload: ""},
		}
		var got []told
		for m, err := range rdb.PSubscribe(t.Context(), "news.*", "a,[bc]", "*,x", "k", "k") {
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind == upstash.Subscribed {
				for _, s := range sent {
					publish(t, rdb.Commands, s.channel, s.payload)
				}
			}
			if got = append(got, tell(m)); len(got) == len(want) {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// A channel that matches two patterns is heard once for each.
func TestPSubscribeTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, rdb := inBubble(t)
		patterns := map[string]int{}
		for m, err := range rdb.PSubscribe(t.Context(), "n*", "*s") {
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind == upstash.Subscribed && publish(t, rdb.Commands, "news", "x") != 2 {
				t.Error("it was not received twice")
			}
			if m.Kind == upstash.Received {
				patterns[m.Pattern]++
			}
			if len(patterns) == 2 {
				break
			}
		}
		if diff := cmp.Diff(map[string]int{"n*": 1, "*s": 1}, patterns); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestRequestOfAStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := &scripted{steps: []step{streamThenSilence("data: subscribe,a/b,1\n\ndata: subscribe,ü *,2\n\n")}}
		mustFollow(t, newClient(t, rt).Subscribe(t.Context(), "a/b", "ü *"), subscribed)
		if got := rt.last.URL.String(); rt.last.Method != http.MethodPost || got != testURL+"/subscribe/a%2Fb/%C3%BC%20%2A" {
			t.Errorf("%s %s", rt.last.Method, got)
		}
		want := http.Header{
			"Accept": {"text/event-stream"}, "Accept-Encoding": {"identity"}, "Authorization": {"Bearer " + testToken}, "User-Agent": {"upstash-go"},
		}
		if diff := cmp.Diff(want, rt.last.Header); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if rt.last.ContentLength != 0 {
			t.Errorf("a body of %d bytes, which would be an argument", rt.last.ContentLength)
		}
	})
}

// What can have no stream, or none that can be read, is refused without a request.
func TestSubscribeRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		names []string
		says  string
	}{
		"nothing":           {nil, "at least one name"},
		"empty":             {[]string{"a", ""}, "empty"},
		"dot":               {[]string{"."}, "dots"},
		"dots":              {[]string{".."}, "dots"},
		"not UTF-8":         {[]string{"a\xff"}, "UTF-8"},
		"ambiguous":         {[]string{"a,b", "a"}, "two loops"},
		"ambiguous by line": {[]string{"a\r", "a\n,b"}, "two loops"},
		"the same by line":  {[]string{"a\r", "a\n"}, "two loops"},
	} {
		rt := &scripted{steps: []step{refuseConnection}}
		rdb := newClient(t, rt)
		for op, seq := range map[string]func() ([]told, error){
			"SUBSCRIBE":  func() ([]told, error) { return follow(rdb.Subscribe(t.Context(), test.names...), 1) },
			"PSUBSCRIBE": func() ([]told, error) { return follow(rdb.PSubscribe(t.Context(), test.names...), 1) },
		} {
			got, err := seq()
			if diff := cmp.Diff(verdict{Op: op, Index: -1, Safe: true}, verdictOf(t, err)); diff != "" || got != nil {
				t.Errorf("%s: %v, %v (-want +got)\n%s", name, got, err, diff)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s: %q does not say %q", name, err, test.says)
			}
		}
		if n := rt.requests(); n != 0 {
			t.Errorf("%s: %d requests", name, n)
		}
	}
}

func TestStreamsWithoutAClient(t *testing.T) {
	t.Parallel()
	for _, rdb := range []*upstash.Client{nil, {}} {
		if _, err := follow(rdb.Subscribe(t.Context(), "c"), 1); !strings.Contains(err.Error(), "there is no client") {
			t.Error(err)
		}
		for _, err := range rdb.Monitor(t.Context()) {
			if err == nil || !strings.Contains(err.Error(), "there is no client") {
				t.Error(err)
			}
		}
	}
}

// What no release sends yet is passed over; a message that is broken is an error.
func TestTextsOfAStream(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text   string
		want   []told
		broken bool
	}{
		"other texts": {
			text: live + "data: ping\n\ndata\n\ndata: pong,c,x\n\n: beat\n\nevent: x\ndata: message,c,x\n\n",
			want: []told{subscribed, received("x")},
		},
		"before the confirmation": {text: "data: message,c,x\n\n" + live, want: []told{received("x"), subscribed}},
		"confirmed twice":         {text: live + live + "data: message,c,x\n\n", want: []told{subscribed, received("x")}},
		"unsubscribed count":      {text: "data: subscribe,c\n\n" + live, want: []told{subscribed}},
		"another channel":         {text: live + "data: message,d,x\n\n", want: []told{subscribed}, broken: true},
		"no payload":              {text: live + "data: message,c\n\n", want: []told{subscribed}, broken: true},
		"nothing":                 {text: live + "data: message,\n\n", want: []told{subscribed}, broken: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt := &scripted{steps: []step{streamThenSilence(test.text)}}
				n := len(test.want)
				if test.broken {
					n++
				}
				got, err := follow(newClient(t, rt).Subscribe(t.Context(), "c"), n)
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				if !test.broken && err != nil {
					t.Error(err)
				}
				if test.broken && !strings.Contains(mustBeTyped(t, err).Error(), "SUBSCRIBE: reply is not a message") {
					t.Error(err)
				}
			})
		})
	}
}

// An iterator is not the stream: each loop over it is one, from its start.
func TestLoopsAreIndependent(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	seq := rdb.Subscribe(t.Context(), "c")
	want := []told{subscribed, received("1"), received("2")}
	var ready, done sync.WaitGroup
	for range 5 {
		ready.Add(1)
		done.Go(func() {
			var got []told
			for m, err := range seq {
				if err != nil {
					t.Error(err)
				}
				if m.Kind == upstash.Subscribed {
					ready.Done()
				}
				if got = append(got, tell(m)); len(got) == len(want) {
					break
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	ready.Wait()
	for _, payload := range []string{"1", "2"} {
		if n := publish(t, rdb.Commands, "c", payload); n != 5 {
			t.Errorf("%d receivers", n)
		}
	}
	done.Wait()
	mustFollow(t, seq, subscribed) // and once more
}
