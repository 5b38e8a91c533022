// Package lambdatest runs a Lambda function on this machine, as Lambda does: in a
// process of its own with the unmodified runtime of aws-lambda-go, which is
// stopped between two invocations, and killed at the deadline.
//
//	func TestMain(m *testing.M) {
//		lambdatest.Main(map[string]func(){
//			"counter": func() { awslambda.Start(lambda.Wrap(count)) },
//		})
//		os.Exit(m.Run())
//	}
//
//	func TestCounter(t *testing.T) {
//		env := lambdatest.Start(t, lambdatest.Options{Function: "counter", Env: []string{"UPSTASH_REDIS_REST_URL=" + srv.URL}})
//		result, err := env.Invoke(t.Context(), `{"n": 1}`) // the reply, while the process may still run
//		err = env.AwaitFreeze(t.Context())                 // now it does not
//	}
//
// The test binary starts itself again as the function; [Options.Command] has
// another program in its place. What it talks to is the fake side of the Runtime
// API and of the Extensions API, which this package serves on a loopback port.
//
// # Freeze and thaw
//
// An environment freezes (SIGSTOP) as soon as the runtime asks for the next event,
// and every extension that is registered for INVOKE has done so too; it thaws
// (SIGCONT) with the next event, which lies in the socket by then. So a goroutine
// that the handler left behind goes on during the next invocation, or never; and
// between [Environment.AwaitFreeze] and the next [Environment.Invoke] a test can
// do what happens while nobody looks: end connections, move clocks, change data.
//
// Where there are no such signals, as on Windows, the environment only idles.
//
// # What it is not
//
// It is one environment: events queue where Lambda would start another, and what
// AWS does with a reply, besides telling documents from streams, is not modeled.
// A process that ended is replaced for the next event, as after a timeout.
package lambdatest
