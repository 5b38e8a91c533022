package upstashtest_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// roads are the two roads to reach a server.
var roads = map[string]func(*testing.T) (*upstashtest.Server, *http.Client){
	"socket": func(t *testing.T) (*upstashtest.Server, *http.Client) {
		t.Helper()
		srv := newServer(t)
		pool := &http.Transport{}
		t.Cleanup(pool.CloseIdleConnections)
		return srv, &http.Client{Transport: pool}
	},
	"in process": func(t *testing.T) (*upstashtest.Server, *http.Client) {
		t.Helper()
		srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
		return srv, &http.Client{Transport: srv.Transport()}
	},
}

// An experience is what a client has of a request: an answer, or how it broke off.
type experience struct {
	Status int
	Body   string
	Lost   string // "reply" without an answer, "body" in the middle of one
}

func meet(t *testing.T, srv *upstashtest.Server, client *http.Client, path, body string) (experience, http.Header) {
	t.Helper()
	req := inProcessRequest(t, srv, http.MethodPost, path, body)
	req.Header.Set("Upstash-Encoding", "base64")
	resp, err := client.Do(req)
	if err != nil {
		if !errors.Is(err, io.EOF) {
			t.Errorf("the error of a lost reply is %v", err)
		}
		return experience{Lost: "reply"}, nil
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the error of a lost body is %v", err)
		}
		return experience{resp.StatusCode, string(got), "body"}, resp.Header
	}
	return experience{resp.StatusCode, string(got), ""}, resp.Header
}

func TestFaults(t *testing.T) {
	t.Parallel()
	const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
	const items = `[["INCR","n"],["GET","n"],["PING"],["GET","no"],["HGET","n","f"]]`
	for name, tt := range map[string]struct {
		fault  func(*upstashtest.Exchange)
		path   string // INCR n, or a pipeline
		want   experience
		n      string // what the counter is afterwards
		log    string
		billed int
		typ    string
		token  bool // the server itself answered
	}{
		"none":              {fault: func(*upstashtest.Exchange) {}, want: experience{200, `{"result":1}`, ""}, n: `"1"`, billed: 1, typ: "application/json", token: true},
		"drop before":       {fault: upstashtest.DropBefore, want: experience{Lost: "reply"}, n: `null`, log: "drop"},
		"execute then drop": {fault: upstashtest.ExecuteThenDrop, want: experience{Lost: "reply"}, n: `"1"`, log: "execute, drop", billed: 1},
		"duplicate":         {fault: upstashtest.Duplicate, want: experience{200, `{"result":2}`, ""}, n: `"2"`, log: "execute, execute", billed: 2, typ: "application/json", token: true},
		"delay":             {fault: upstashtest.Delay(time.Millisecond), want: experience{200, `{"result":1}`, ""}, n: `"1"`, log: "delay 1ms", billed: 1, typ: "application/json", token: true},
		"status 500":        {fault: upstashtest.Status(500), want: experience{500, `{"error":"ERR Internal Server Error"}`, ""}, n: `null`, log: "answer 500", typ: "application/json"},
		"status 429":        {fault: upstashtest.Status(429), want: experience{429, `{"error":"ERR Too Many Requests"}`, ""}, n: `null`, log: "answer 429", typ: "application/json"},
		"too many requests": {fault: upstashtest.TooManyRequests(1500 * time.Millisecond), want: experience{429, `{"error":"ERR Too Many Requests"}`, ""}, n: `null`, log: "answer 429", typ: "application/json"},
		"page":              {fault: upstashtest.HTMLBody, want: experience{502, page, ""}, n: `null`, log: "answer 502", typ: "text/html; charset=utf-8"},
		"cut body":          {fault: upstashtest.CutBody(5), want: experience{200, `{"res`, "body"}, n: `"1"`, log: "execute, cut 5", billed: 1, typ: "application/json", token: true},
		"cut body at once":  {fault: upstashtest.CutBody(0), want: experience{200, ``, "body"}, n: `"1"`, log: "execute, cut 0", billed: 1, typ: "application/json", token: true},
		"empty body":        {fault: upstashtest.EmptyBody, want: experience{200, "", ""}, n: `"1"`, log: "execute, answer 200", billed: 1, token: true},
		"wrong base64": {
			fault: upstashtest.WrongBase64, path: "/pipeline",
			want: experience{200, `[{"result":1},{"result":"!MQ=="},{"result":"!UE9ORw=="},{"result":null},{"error":"` + wrongType + `"}]`, ""},
			n:    `"1"`, log: "execute, answer 200", billed: 4, typ: "application/json", token: true,
		},
		"of one's own": {
			fault: func(x *upstashtest.Exchange) {
				upstashtest.Delay(time.Millisecond)(x)
				_, body := x.Execute()
				x.Answer(http.StatusTeapot, http.Header{"Content-Type": {"text/plain"}}, strings.ToUpper(string(body)))
				x.Cut(9)
			},
			want: experience{418, `{"RESULT"`, "body"}, n: `"1"`, log: "delay 1ms, execute, answer 418, cut 9", billed: 1, typ: "text/plain", token: true,
		},
	} {
		for road, connect := range roads {
			t.Run(name+" "+road, func(t *testing.T) {
				t.Parallel()
				srv, client := connect(t)
				cancel := srv.Intercept(tt.fault)
				path, body := "/", `["INCR","n"]`
				if tt.path != "" {
					path, body = tt.path, items
				}
				got, header := meet(t, srv, client, path, body)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if got := header.Get("Content-Type"); got != tt.typ {
					t.Errorf("the type is %q, want %q", got, tt.typ)
				}
				if got := header.Get("Upstash-Sync-Token") != ""; got != tt.token {
					t.Errorf("a sync token came: %v, want %v", got, tt.token)
				}
				if after := header.Get("Retry-After"); (name == "too many requests") != (after == "2") {
					t.Errorf("Retry-After is %q", after)
				}
				log := srv.Requests()[0]
				if log.Fault != tt.log || log.Status != tt.want.Status || log.Billed != tt.billed {
					t.Errorf("the log says %v", log)
				}
				if want := strings.Count(body, `["`); len(log.Commands) != want || log.BytesIn != int64(len(body)) || log.BytesOut != int64(len(tt.want.Body)) {
					t.Errorf("the log has %d commands and %d bytes in, %d out", len(log.Commands), log.BytesIn, log.BytesOut)
				}
				meter := upstashtest.Meter{RoundTrips: 1, Commands: tt.billed, BytesIn: log.BytesIn, BytesOut: log.BytesOut}
				if diff := cmp.Diff(meter, srv.Meter()); diff != "" {
					t.Errorf("meter (-want +got):\n%s", diff)
				}
				if waiting := cancel(); waiting != (tt.log == "") {
					t.Errorf("it was still waiting: %v", waiting)
				}
				req := inProcessRequest(t, srv, http.MethodPost, "/", `["GET","n"]`)
				after, _ := exchange(t, client, req)
				if diff := cmp.Diff(reply{200, `{"result":` + tt.n + `}`}, after); diff != "" {
					t.Errorf("the counter (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// The in-process transport returns what code that looks at network errors knows.
func TestLostReplyIsANetworkError(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	srv.Intercept(upstashtest.DropBefore)
	resp, err := srv.Transport().RoundTrip(inProcessRequest(t, srv, http.MethodPost, "/", `["PING"]`))
	if resp != nil {
		_ = resp.Body.Close()
	}
	var network net.Error
	var op *net.OpError
	if !errors.As(err, &network) || network.Timeout() || !errors.As(err, &op) || op.Op != "read" {
		t.Errorf("%#v", err)
	}
}

func TestFaultsBelowTheClient(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	rdb := srv.Client()
	srv.Intercept(upstashtest.ExecuteThenDrop)
	_, err := rdb.Incr(t.Context(), "n")
	if e := (*upstash.Error)(nil); !errors.As(err, &e) || !e.Sent {
		t.Errorf("lost reply: %v", err)
	}
	srv.Intercept(upstashtest.WrongBase64)
	if v, err := rdb.Get(t.Context(), "n"); err == nil {
		t.Errorf("wrong base64 was read as %q", v)
	}
	if n, err := rdb.Incr(t.Context(), "n"); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// What an interception sees is what was sent, without the token.
func TestExchangeShowsTheRequest(t *testing.T) {
	t.Parallel()
	type seen struct {
		Method, Path, Encoding, Authorization string
		Commands                              [][]string
	}
	for name, tt := range map[string]struct {
		ask  request
		want seen
	}{
		"command":     {request{Body: `["set","k",1]`, Header: map[string]string{"Upstash-Encoding": "base64"}}, seen{"POST", "/", "base64", "", [][]string{{"set", "k", "1"}}}},
		"path":        {request{Method: "GET", Path: "/get/a%2Fb?_token=x"}, seen{"GET", "/get/a%2Fb", "", "", [][]string{{"get", "a/b"}}}},
		"pipeline":    {request{Path: "/pipeline", Body: `[["GET","a"],[]]`}, seen{"POST", "/pipeline", "", "", [][]string{{"GET", "a"}, nil}}},
		"transaction": {request{Path: "/multi-exec", Body: `[["PING"]]`}, seen{"POST", "/multi-exec", "", "", [][]string{{"PING"}}}},
		"nonsense":    {request{Body: `nonsense`}, seen{"POST", "/", "", "", nil}},
		"bad batch":   {request{Path: "/pipeline", Body: `nonsense`}, seen{"POST", "/pipeline", "", "", nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			want, _ := tt.ask.do(t, srv)
			var got seen
			srv.InterceptAll(func(x *upstashtest.Exchange) {
				got = seen{x.Method, x.Path, x.Header.Get("Upstash-Encoding"), x.Header.Get("Authorization"), x.Commands}
				for _, command := range x.Commands {
					clear(command) // it is a copy
				}
				x.Header.Set("Upstash-Encoding", "base64")
				x.Method, x.Path = "DELETE", "/pipeline"
			})
			answer, _ := tt.ask.do(t, srv)
			for i := range got.Commands {
				clear(tt.want.Commands[i])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want, answer); diff != "" {
				t.Errorf("the answer was changed by looking (-want +got):\n%s", diff)
			}
			if log := srv.Requests(); cmp.Diff(log[0], log[1]) != "" {
				t.Errorf("log (-before +after):\n%s", cmp.Diff(log[0], log[1]))
			}
		})
	}
}

// What a function does to its own copy of the commands does not get into the log.
func TestExchangeIsACopy(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.Intercept(func(x *upstashtest.Exchange) {
		x.Commands[0][1] = "changed"
		x.Answer(http.StatusNoContent, nil, "")
	})
	run(t, srv, "GET", "k")
	if diff := cmp.Diff([][]string{{"GET", "k"}}, srv.Requests()[0].Commands); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestInterceptionsWaitTheirTurn(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.InterceptAll(upstashtest.Status(503))
	srv.Intercept(upstashtest.On("get", upstashtest.Status(404)))
	srv.Intercept(upstashtest.Status(500))
	srv.Intercept(upstashtest.After(2, upstashtest.Status(418)))
	taken := srv.Intercept(upstashtest.Status(400))
	if !taken() || taken() {
		t.Error("it was taken away while waiting, once")
	}
	var got []int
	for _, command := range []string{`["PING"]`, `["SET","k","v"]`, `["SET","k","v"]`, `["SET","k","v"]`, `["GET","k"]`, `["GET","k"]`} {
		answer, _ := request{Body: command}.do(t, srv)
		got = append(got, answer.Status)
	}
	// The 418 is asked about the second request first, for the 500 has the first.
	if diff := cmp.Diff([]int{500, 503, 503, 418, 404, 503}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Requests without valid auth, or by a method that is not allowed, are not the
// client's under test.
func TestRequestsThatAreNotIntercepted(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	cancel := srv.Intercept(upstashtest.Status(500))
	for _, ask := range []request{{Body: `["PING"]`, NoAuth: true}, {Method: http.MethodDelete}} {
		if got, _ := ask.do(t, srv); got.Status == 500 {
			t.Errorf("%+v was intercepted", ask)
		}
	}
	if !cancel() {
		t.Error("it is not waiting any more")
	}
}

// However many come together, one has it.
func TestInterceptIsForOneRequest(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	client := &http.Client{Transport: srv.Transport()}
	for range 3 {
		srv.Intercept(upstashtest.On("INCR", upstashtest.Status(500)))
	}
	var mu sync.Mutex
	statuses := map[int]int{}
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/", `["INCR","n"]`))
			mu.Lock()
			defer mu.Unlock()
			statuses[got.Status]++
		})
	}
	wg.Wait()
	if diff := cmp.Diff(map[int]int{200: 37, 500: 3}, statuses); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// In a bubble a delay takes no time, holds up nobody else, and a client that gives
// up does not take its request back.
func TestDelayInsideABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		client := &http.Client{Transport: srv.Transport(), Timeout: time.Second}
		srv.Intercept(upstashtest.Delay(time.Minute))
		begin := time.Now()
		resp, err := client.Do(inProcessRequest(t, srv, http.MethodPost, "/", `["INCR","n"]`))
		if err == nil {
			_ = resp.Body.Close()
		}
		var network net.Error
		if took := time.Since(begin); !errors.As(err, &network) || !network.Timeout() || took != time.Second {
			t.Errorf("after %v: %v", took, err)
		}
		ask := func(want string) {
			t.Helper()
			got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/", `["GET","n"]`))
			if diff := cmp.Diff(reply{200, `{"result":` + want + `}`}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		ask(`null`)
		time.Sleep(time.Minute) // bubble
		ask(`"1"`)
		if log := srv.Requests(); len(log) != 3 || log[1].Fault != "delay 1m0s" {
			t.Errorf("%v", log)
		}
	})
}

// Closing ends a delay: the request is lost.
func TestCloseEndsADelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		client := &http.Client{Transport: srv.Transport()}
		srv.Intercept(upstashtest.Delay(time.Hour))
		begin, got := time.Now(), make(chan experience)
		go func() {
			o, _ := meet(t, srv, client, "/", `["INCR","n"]`)
			got <- o
		}()
		synctest.Wait()
		go srv.Close()
		if diff := cmp.Diff(experience{Lost: "reply"}, <-got); diff != "" || time.Since(begin) != 0 {
			t.Errorf("after %v (-want +got):\n%s", time.Since(begin), diff)
		}
	})
}

// A function may wait for what it likes, the client's end included.
func TestExchangeContextEndsWithTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		client := &http.Client{Transport: srv.Transport(), Timeout: time.Second}
		begin := time.Now()
		var ended time.Duration
		srv.Intercept(func(x *upstashtest.Exchange) {
			<-x.Context().Done()
			ended = time.Since(begin)
			x.Drop()
		})
		resp, err := client.Do(inProcessRequest(t, srv, http.MethodPost, "/", `["INCR","n"]`))
		if err == nil {
			_ = resp.Body.Close()
			t.Error("the request was answered")
		}
		synctest.Wait()
		if ended != time.Second {
			t.Errorf("the context ended after %v", ended)
		}
	})
}

// A function that panics does so in the goroutine that asks, and one that ends the
// test leaves nobody waiting.
func TestInterceptionThatBreaks(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	client := &http.Client{Transport: srv.Transport()}
	cancel := srv.Intercept(func(*upstashtest.Exchange) { panic("broken") })
	func() {
		defer func() {
			if got := recover(); got != "broken" {
				t.Errorf("recovered %v", got)
			}
		}()
		meet(t, srv, client, "/", `["PING"]`)
	}()
	if !cancel() {
		t.Error("it had its request without doing anything to it")
	}
	srv.Intercept(func(x *upstashtest.Exchange) {
		x.Execute()
		(&testing.T{}).SkipNow()
	})
	got, _ := meet(t, srv, client, "/", `["INCR","n"]`)
	if diff := cmp.Diff(experience{Lost: "reply"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	defer func() {
		if recover() == nil {
			t.Error("nil was accepted")
		}
	}()
	srv.Intercept(nil)
}

// A stream can be refused and lost, and is none then, or be cut off.
func TestFaultsOfStreams(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault func(*upstashtest.Exchange)
		want  experience
	}{
		"drop":           {upstashtest.DropBefore, experience{Lost: "reply"}},
		"execute, drop":  {upstashtest.ExecuteThenDrop, experience{Lost: "reply"}},
		"answer 503":     {upstashtest.Status(503), experience{503, `{"error":"ERR Service Unavailable"}`, ""}},
		"execute, empty": {upstashtest.EmptyBody, experience{200, "", ""}},
		"cut at once":    {upstashtest.CutBody(0), experience{200, "", "body"}},
		"cut":            {upstashtest.CutBody(3), experience{200, "dat", "body"}},
	} {
		for road, connect := range roads {
			t.Run(name+" "+road, func(t *testing.T) {
				t.Parallel()
				srv, client := connect(t)
				srv.Intercept(tt.fault)
				got, header := meet(t, srv, client, "/subscribe/c", "")
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if is := header.Get("Content-Type") == "text/event-stream"; is != strings.HasPrefix(name, "cut") {
					t.Errorf("a stream: %v", is)
				}
				receivers, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/", `["PUBLISH","c","m"]`))
				if diff := cmp.Diff(reply{200, `{"result":0}`}, receivers); diff != "" {
					t.Errorf("receivers (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A body that breaks off is answered as it would be without an interception, and
// one that is too large as well.
func TestInterceptionOfABadBody(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Limits: upstashtest.Limits{MaxRequest: 100}})
	srv.InterceptAll(upstashtest.Duplicate)
	for name, tt := range map[string]struct {
		body io.Reader
		want string
	}{
		"broken": {failingReader{errors.New("broken")}, "failed to parse command"},
		"large":  {strings.NewReader(`["SET","k","` + strings.Repeat("x", 200) + `"]`), "max request size exceeded"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, tt.body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+srv.Token)
		w := newResponse()
		srv.Handler().ServeHTTP(w, req)
		if w.status != http.StatusBadRequest || !strings.Contains(w.body.String(), tt.want) {
			t.Errorf("%s: %d %s", name, w.status, &w.body)
		}
	}
}

// A response keeps an answer, and cannot be flushed.
type response struct {
	header http.Header
	status int
	body   strings.Builder
}

func newResponse() *response                        { return &response{header: http.Header{}} }
func (w *response) Header() http.Header             { return w.header }
func (w *response) WriteHeader(status int)          { w.status = status }
func (w *response) Write(p []byte) (n int, _ error) { return w.body.Write(p) }
