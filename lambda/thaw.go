package lambda

import (
	"sync"
	"time"
)

type thawHook struct {
	gap time.Duration
	f   func()
}

// awake knows since when nothing has run in this process, under this handler.
type awake struct {
	hooks []thawHook

	mu      sync.Mutex
	running int
	since   time.Time // the end of the last invocation; zero before the first
}

// begin counts an invocation in. Others that begin at the same time wait until
// the hooks have run.
func (a *awake) begin() {
	if len(a.hooks) == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running++
	if a.running > 1 || a.since.IsZero() {
		return
	}
	pause := time.Now().Round(0).Sub(a.since)
	for _, h := range a.hooks {
		if pause >= h.gap || pause < 0 { // a clock that was set back says nothing about the pause
			h.f()
		}
	}
}

func (a *awake) end() {
	if len(a.hooks) == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running--
	a.since = time.Now().Round(0)
}
