//go:build unix

package lambdatest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
)

// TestMain is also the main of the functions that the tests start.
func TestMain(m *testing.M) {
	lambdatest.Main(map[string]func(){
		"echo": func() { awslambda.Start(echo) },
		"sigterm": func() {
			awslambda.StartWithOptions(echo, awslambda.WithEnableSIGTERM(func() { tell("SIGTERM"); os.Exit(0) }))
		},
		"extension": func() { extend(); awslambda.Start(echo) },
		"broken":    func() { fmt.Println("no good"); os.Exit(3) }, //nolint:forbidigo // it is what the logs must have
	})
	os.Exit(m.Run())
}

type order struct {
	Say   string `json:"say"`
	Fail  string `json:"fail"`
	Exit  bool   `json:"exit"`
	Hang  bool   `json:"hang"`
	Large int    `json:"large"`
	Stay  string `json:"stay"`  // the address to visit before the reply
	Leave string `json:"leave"` // the address that a goroutine that stays behind visits
}

func echo(ctx context.Context, in order) (map[string]any, error) {
	fmt.Fprintln(os.Stderr, "says", in.Say)
	switch {
	case in.Fail != "":
		return nil, errors.New(in.Fail)
	case in.Exit:
		os.Exit(7)
	case in.Hang:
		select {}
	case in.Large > 0:
		return map[string]any{"large": strings.Repeat("x", in.Large)}, nil
	case in.Stay != "":
		visit(in.Stay)
	case in.Leave != "":
		resp, err := http.Get(in.Leave + "/first") //nolint:noctx,bodyclose // it ends with the process, and is closed below
		if err != nil {
			return nil, err
		}
		go func() { // it waits for the end of a response that has begun
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			visit(in.Leave + "/second")
		}()
	}
	deadline, _ := ctx.Deadline()
	lc, _ := lambdacontext.FromContext(ctx)
	return map[string]any{
		"say": in.Say, "id": lc.AwsRequestID, "name": lambdacontext.FunctionName, "seconds": time.Until(deadline).Round(time.Second).Seconds(),
	}, nil
}

// visit is what functions do that must be seen from outside.
func visit(address string) {
	resp, err := http.Get(address) //nolint:noctx // it ends with the process
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

func tell(what string) { visit(os.Getenv("TELL") + "/" + what) }

// extend is an internal extension that has work after every reply.
func extend() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2020-01-01/extension"
	call := func(method, path, name, value, body string) *http.Response {
		r, err := http.NewRequest(method, api+path, strings.NewReader(body)) //nolint:noctx // it ends with the process
		if err != nil {
			panic(err)
		}
		r.Header.Set(name, value)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			panic(err)
		}
		return resp
	}
	refused := call(http.MethodPost, "/register", "Lambda-Extension-Name", "last", `{"events":["SHUTDOWN"]}`)
	_ = refused.Body.Close()
	if refused.StatusCode != http.StatusForbidden {
		panic("an internal extension gets SHUTDOWN") // it does not in Lambda
	}
	resp := call(http.MethodPost, "/register", "Lambda-Extension-Name", "late", `{"events":["INVOKE"]}`)
	id := resp.Header.Get("Lambda-Extension-Identifier")
	_ = resp.Body.Close()
	go func() {
		for {
			var event struct{ EventType, RequestID string }
			resp := call(http.MethodGet, "/event/next", "Lambda-Extension-Identifier", id, "")
			if err := json.NewDecoder(resp.Body).Decode(&event); err != nil {
				panic(err)
			}
			_ = resp.Body.Close()
			tell(event.EventType)
		}
	}()
}

// told is a server that functions tell things to, and what it heard.
type told struct {
	url   string
	heard chan string
	let   chan struct{} // one for each visitor
}

func newTold(t *testing.T, patient bool) *told {
	t.Helper()
	s := &told{heard: make(chan string, 100), let: make(chan struct{}, 100)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.heard <- strings.TrimPrefix(r.URL.Path, "/")
		if patient {
			_ = http.NewResponseController(w).Flush()
			select {
			case <-s.let:
			case <-r.Context().Done():
			}
		}
	}))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

func (s *told) next(t *testing.T) string {
	t.Helper()
	select {
	case what := <-s.heard:
		return what
	case <-time.After(time.Minute): // of other processes
		t.Fatal("nothing was heard")
		return ""
	}
}

func invoke(t *testing.T, env *lambdatest.Environment, in any) lambdatest.Result {
	t.Helper()
	result, err := env.Invoke(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestEcho(t *testing.T) {
	t.Parallel()
	env := lambdatest.Start(t, lambdatest.Options{Function: "echo", Timeout: time.Minute})
	for i, in := range []any{order{Say: "a"}, `{"say":"b"}`, []byte(`{"say":"c"}`), json.RawMessage(`{"say":"d"}`)} {
		result := invoke(t, env, in)
		var got map[string]any
		if err := result.Decode(&got); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"say": string(rune('a' + i)), "id": result.RequestID, "name": "test", "seconds": 60.0}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if err := env.AwaitFreeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	if env.Starts() != 1 || env.Freezes() != 4 || !strings.Contains(env.Logs(), "says d\n") {
		t.Errorf("%d processes, %d freezes, logs:\n%s", env.Starts(), env.Freezes(), env.Logs())
	}
}

// TestCommand: another program is a function as well.
func TestCommand(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	env := lambdatest.Start(t, lambdatest.Options{Command: []string{"env", "LAMBDATEST_FUNCTION=echo", program}, Timeout: time.Minute, NoFreeze: true})
	var reply struct{ Say string }
	if err := invoke(t, env, order{Say: "hello"}).Decode(&reply); err != nil || reply.Say != "hello" {
		t.Errorf("%v, %v", reply, err)
	}
	if err := env.AwaitFreeze(t.Context()); err != nil || env.Freezes() != 0 {
		t.Errorf("%d freezes, %v", env.Freezes(), err)
	}
}

// TestEnds: however an invocation ends, the next is served, if need be in another
// process.
func TestEnds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in     order
		want   string // the type of the error
		has    string // its message
		starts int
	}{
		"error":   {order{Fail: "planned"}, "errorString", "planned", 1},
		"exit":    {order{Exit: true}, lambdatest.TypeExit, "exit status 7", 2},
		"timeout": {order{Hang: true}, lambdatest.TypeTimeout, "timed out after 1s", 2},
		"large":   {order{Large: 7 << 20}, lambdatest.TypeTooBig, "6291556 bytes", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := time.Minute
			if tt.in.Hang {
				timeout = time.Second
			}
			env := lambdatest.Start(t, lambdatest.Options{Function: "echo", Timeout: timeout})
			result := invoke(t, env, tt.in)
			if result.Err == nil || result.Err.Type != tt.want || !strings.Contains(result.Err.Message, tt.has) {
				t.Errorf("error %v, want %s with %q", result.Err, tt.want, tt.has)
			}
			if tt.in.Hang {
				return // a second process might be as late on a busy machine
			}
			if result := invoke(t, env, order{Say: "next"}); result.Err != nil || env.Starts() != tt.starts {
				t.Errorf("next: %v in %d processes, want %d", result.Err, env.Starts(), tt.starts)
			}
		})
	}
}

// TestFrozenWork: a goroutine that stays behind does nothing while the process is
// frozen, and goes on with the next event.
func TestFrozenWork(t *testing.T) {
	t.Parallel()
	door := newTold(t, true)
	env := lambdatest.Start(t, lambdatest.Options{Function: "echo", Timeout: time.Minute})
	invoke(t, env, order{Leave: door.url})
	got := []string{door.next(t)}
	if err := env.AwaitFreeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	door.let <- struct{}{}
	door.let <- struct{}{}
	door.heard <- "thaw"
	stay := newTold(t, true)
	i, err := env.Begin(t.Context(), order{Stay: stay.url})
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, door.next(t), door.next(t)) // if the next were over sooner, it would be frozen again
	stay.let <- struct{}{}
	if _, err := i.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"first", "thaw", "second"}, got); diff != "" || env.Freezes() == 0 {
		t.Errorf("%d freezes (-want +got)\n%s", env.Freezes(), diff)
	}
}

// TestExtension: a process is not frozen while an extension is busy with the
// event.
func TestExtension(t *testing.T) {
	t.Parallel()
	door := newTold(t, true)
	env := lambdatest.Start(t, lambdatest.Options{Function: "extension", Timeout: time.Minute, ShutdownTime: time.Minute, Env: []string{"TELL=" + door.url}})
	for n := range 2 {
		invoke(t, env, order{Say: "x"}) // replied already
		if got := door.next(t); got != "INVOKE" {
			t.Errorf("heard %q", got)
		}
		if env.Freezes() != n {
			t.Errorf("frozen %d times while the extension works on event %d", env.Freezes(), n+1)
		}
		door.let <- struct{}{}
		if err := env.AwaitFreeze(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if env.Freezes() != 2 {
		t.Errorf("%d freezes, want 2", env.Freezes())
	}
	env.Shutdown(t.Context()) // which needs no handler of SIGTERM
	if err := env.AwaitFreeze(t.Context()); err == nil {
		t.Error("the process still lives")
	}
}

// TestSIGTERM: the runtime's own handler of SIGTERM runs at the end.
func TestSIGTERM(t *testing.T) {
	t.Parallel()
	door := newTold(t, false)
	env := lambdatest.Start(t, lambdatest.Options{Function: "sigterm", Timeout: time.Minute, ShutdownTime: time.Minute, Env: []string{"TELL=" + door.url}})
	invoke(t, env, order{Say: "x"})
	env.Shutdown(t.Context())
	if got := door.next(t); got != "SIGTERM" {
		t.Errorf("heard %q", got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]lambdatest.Options{
		"lambdatest: Options has neither Function nor Command: name the function to run": {},
		"lambdatest: Options has both Function and Command: leave one out":               {Function: "a", Command: []string{"b"}},
	} {
		if _, err := lambdatest.New(o); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	env := lambdatest.Start(t, lambdatest.Options{Function: "broken"})
	if err := env.AwaitFreeze(t.Context()); err == nil {
		t.Error("no process was started, and it is awaited")
	}
	if _, err := env.Invoke(t.Context(), make(chan int)); err == nil {
		t.Error("a channel is an event")
	}
	if _, err := env.Invoke(t.Context(), "{}"); err == nil || !strings.Contains(env.Logs(), "no good") {
		t.Errorf("error %v, logs %q", err, env.Logs())
	}
	missing := lambdatest.Start(t, lambdatest.Options{Function: "missing"})
	if _, err := missing.Invoke(t.Context(), "{}"); err == nil || !strings.Contains(missing.Logs(), `no function "missing"`) {
		t.Errorf("error %v, logs %q", err, missing.Logs())
	}
	nowhere := lambdatest.Start(t, lambdatest.Options{Command: []string{"./no-such-program"}})
	if _, err := nowhere.Invoke(t.Context(), "{}"); err == nil {
		t.Error("a program that is not there has run")
	}
	env.Close()
	if _, err := env.Invoke(t.Context(), "{}"); !errors.Is(err, lambdatest.ErrClosed) {
		t.Errorf("error %v after Close", err)
	}
}
