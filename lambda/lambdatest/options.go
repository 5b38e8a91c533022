package lambdatest

import (
	"errors"
	"io"
	"os"
	"strconv"
	"time"
)

// Options describe a function. Function or Command is required.
type Options struct {
	// Function is a name that [Main] knows: this program is started again and
	// runs it.
	Function string

	// Command is the program and its arguments, where it is not this one.
	Command []string

	// Env are variables, as NAME=value, besides those of this process and of
	// Lambda.
	Env []string

	// Timeout is how long an invocation may take before the process is killed.
	// Default 3s, as in Lambda.
	Timeout time.Duration

	// Concurrency is how many invocations run at once in the process, as with
	// AWS_LAMBDA_MAX_CONCURRENCY. Default 1. With more it never freezes, as
	// the instances that have it do not.
	Concurrency int

	// NoFreeze lets the process run on between invocations.
	NoFreeze bool

	// Output gets what the process writes, besides [Environment.Logs].
	Output io.Writer
}

// defaultTimeout is that of a function whose template says nothing.
const defaultTimeout = 3 * time.Second

func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Function == "" && len(o.Command) == 0:
		return o, errors.New("lambdatest: Options has neither Function nor Command: name the function to run")
	case o.Function != "" && len(o.Command) > 0:
		return o, errors.New("lambdatest: Options has both Function and Command: leave one out")
	}
	if len(o.Command) == 0 {
		program, err := os.Executable()
		if err != nil {
			return o, err
		}
		o.Command = []string{program}
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 1
	}
	o.NoFreeze = o.NoFreeze || o.Concurrency > 1
	return o, nil
}

// environ is what the process sees. Later variables win.
func (o Options) environ(address string) []string {
	env := append(os.Environ(),
		"AWS_LAMBDA_RUNTIME_API="+address,
		"AWS_LAMBDA_FUNCTION_NAME=test",
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/test",
		"AWS_LAMBDA_LOG_STREAM_NAME=test",
		"AWS_REGION=us-east-1",
		"_HANDLER=bootstrap",
		"AWS_LAMBDA_MAX_CONCURRENCY="+strconv.Itoa(o.Concurrency),
		envFunction+"="+o.Function,
	)
	return append(env, o.Env...)
}
