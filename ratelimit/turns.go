package ratelimit

import (
	"context"
	"slices"
	"sync"
)

// turns lets the waiters of a key ask one after the other, in the order in which
// they came.
type turns struct {
	mu    sync.Mutex
	lines map[string][]chan struct{} // those behind the one whose turn it is
}

// take waits until it is the caller's turn, which pass ends.
func (t *turns) take(ctx context.Context, key string) error {
	t.mu.Lock()
	line, busy := t.lines[key]
	if !busy {
		if t.lines == nil {
			t.lines = make(map[string][]chan struct{})
		}
		t.lines[key] = nil
		t.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	t.lines[key] = append(line, turn)
	t.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		t.leave(key, turn)
		return ctx.Err()
	}
}

// leave gives up a place, or the turn when it came at the same moment.
func (t *turns) leave(key string, turn chan struct{}) {
	t.mu.Lock()
	i := slices.Index(t.lines[key], turn)
	if i >= 0 {
		t.lines[key] = slices.Delete(t.lines[key], i, i+1)
	}
	t.mu.Unlock()
	if i < 0 {
		t.pass(key)
	}
}

func (t *turns) pass(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line := t.lines[key]
	if len(line) == 0 {
		delete(t.lines, key)
		return
	}
	close(line[0])
	t.lines[key] = line[1:]
}
