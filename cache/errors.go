package cache

import (
	"errors"
	"fmt"
)

var (
	// ErrMiss is returned by Get when there is no valid entry. GetOrLoad never
	// returns it.
	ErrMiss = errors.New("cache: miss")

	// ErrNotFound says that the thing does not exist at its source. A loader
	// returns it (or wraps it) to have that remembered for
	// [ViewOptions.NegativeTTL]; Get and GetOrLoad return it then without
	// asking the source again.
	ErrNotFound = errors.New("cache: not found")

	// ErrTooLarge says that an entry is larger than [Options.MaxEntry] and was
	// not stored. Set returns it; of GetOrLoad it is in [Info.StoreErr], because
	// the value itself is good.
	ErrTooLarge = errors.New("cache: the entry is too large")

	// ErrLoadTimeout says that the loader took longer than [Options.LoadTimeout].
	ErrLoadTimeout = errors.New("cache: the loader did not return within LoadTimeout")

	// ErrBusy says that another process was still loading when
	// [Options.WaitLimit] had passed, and that [Options.Busy] is [BusyFails].
	ErrBusy = errors.New("cache: another process is loading this, and took longer than WaitLimit")

	errGoexit = errors.New("cache: the loader ended its goroutine (runtime.Goexit) without returning")
)

// PanicError is what every caller of a load gets when the loader panicked. The
// panic itself is not raised again: the loader runs on a goroutine of the
// cache, where nobody could recover it.
type PanicError struct {
	Value any
	Stack []byte
}

// Error shows the value of the panic.
func (e *PanicError) Error() string { return fmt.Sprintf("cache: the loader panicked: %v", e.Value) }

// Unwrap returns the value of the panic where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
