package memory

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

var _ cache.Memory = (*Store)(nil)

func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// holds checks what is under a key; "" stands for nothing.
func holds(t *testing.T, s *Store, key, want string) {
	t.Helper()
	if got, ok := s.Get(key); got != want || ok != (want != "") {
		t.Errorf("under %q is %q, %v, want %q", key, got, ok, want)
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	s := New(0)
	holds(t, s, "a", "")
	s.Set("a", "1", time.Hour)
	s.Set("b", "2", time.Hour)
	s.Set("c", "3", time.Hour)
	holds(t, s, "a", "1")
	s.Set("a", "one", time.Hour)
	holds(t, s, "a", "one")
	s.Delete("a", "b", "never there")
	s.Delete()
	holds(t, s, "a", "")
	holds(t, s, "b", "")
	holds(t, s, "c", "3")
	check(t, "bytes", overhead+2, s.Bytes())
	s.Clear()
	holds(t, s, "c", "")
	check(t, "bytes", 0, s.Bytes())
	s.Set("c", "4", time.Hour)
	holds(t, s, "c", "4")
}

func TestWhatIsNotStoredLeavesNothing(t *testing.T) {
	t.Parallel()
	const limit = 1000
	fits := strings.Repeat("x", limit-overhead-len("k"))
	s := New(limit)
	s.Set("k", fits, time.Hour)
	holds(t, s, "k", fits)
	s.Set("k", fits+"x", time.Hour)
	holds(t, s, "k", "")
	for _, ttl := range []time.Duration{0, -time.Hour} {
		s.Set("k", "old", time.Hour)
		s.Set("k", "new", ttl)
		holds(t, s, "k", "")
	}
	s.Set("k", "long", 1<<63-1)
	holds(t, s, "k", "long")
}

// TestBound holds after every write, whatever the sizes.
func TestBound(t *testing.T) {
	t.Parallel()
	const limit = 64 << 10
	s := New(limit)
	stored := 0
	for i := range 5000 {
		key, text := fmt.Sprint("key ", i), strings.Repeat("x", i*37%3000)
		s.Set(key, text+"!", time.Hour)
		stored += size(key, text+"!")
		if got := int(s.entries.WeightedSize()); got > limit {
			t.Fatalf("%d bytes after %d writes, and the limit is %d", got, i+1, limit)
		}
	}
	if got := s.Bytes(); got < limit*3/4 || stored < 50*limit {
		t.Errorf("%d bytes of %d are used, and %d were written: the test shows nothing", got, limit, stored)
	}
	kept := 0
	for i := range 5000 {
		if text, ok := s.Get(fmt.Sprint("key ", i)); ok {
			kept += size(fmt.Sprint("key ", i), text)
		}
	}
	check(t, "bytes counted by hand", s.Bytes(), kept)
}

// TestOverhead compares the bound with the heap: small entries, where the
// bookkeeping is most of it, and numbers of them before and after the library's
// table has grown.
func TestOverhead(t *testing.T) { //nolint:paralleltest // it measures the heap, alone
	const text = "a text of twenty one."
	for _, n := range []int{10_000, 15_000, 20_000} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := New(1 << 30)
		for i := range n {
			s.Set(fmt.Sprintf("key %08d", i), strings.Clone(text), time.Hour)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		check(t, "bytes", n*(overhead+len("key 00000000")+len(text)), s.Bytes())
		perEntry := (int(after.HeapAlloc)-int(before.HeapAlloc))/n - len("key 00000000") - len(text)
		t.Logf("one of %d entries takes %d bytes besides its key and its text", n, perEntry)
		if perEntry > overhead || perEntry < overhead/3 {
			t.Errorf("%d bytes, and it is counted as %d", perEntry, overhead)
		}
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New(0)
		s.Set("short", "1", time.Second)
		s.Set("long", "2", time.Hour)
		s.Set("renewed", "3", time.Second)
		time.Sleep(time.Second - 1) // bubble
		holds(t, s, "short", "1")
		s.Set("renewed", "4", time.Second)
		time.Sleep(time.Nanosecond) // bubble
		holds(t, s, "short", "")
		holds(t, s, "renewed", "4")
		time.Sleep(time.Second) // bubble
		holds(t, s, "renewed", "")
		holds(t, s, "long", "2")
		time.Sleep(time.Hour) // bubble
		check(t, "bytes when all have expired and nobody looked", 0, s.Bytes())
	})
}

// clocks are what a test lets the process see.
type clocks struct {
	mu  sync.Mutex
	now reading
}

func (c *clocks) read() reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clocks) move(wall, steady time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.wall += wall
	c.now.steady += steady
}

// TestFreeze suspends the process, of which the steady clock may know nothing.
func TestFreeze(t *testing.T) {
	t.Parallel()
	c := &clocks{now: reading{wall: 1700000000 * time.Second}}
	s := newStore(0, c.read)
	s.Set("a", "1", time.Minute)
	c.move(30*time.Second, 30*time.Second)
	holds(t, s, "a", "1")
	c.move(20*time.Second, 0) // frozen
	holds(t, s, "a", "1")
	s.Set("b", "2", time.Minute)
	c.move(10*time.Second-1, 10*time.Second-1)
	holds(t, s, "a", "1")
	c.move(1, 1)
	holds(t, s, "a", "")
	holds(t, s, "b", "2")
	c.move(time.Hour, 0)
	holds(t, s, "b", "")
	s.Set("b", "3", time.Minute)
	holds(t, s, "b", "3")
}

// TestTheWallClockIsSetBack and what is stored does not live longer for it, also
// after a freeze.
func TestTheWallClockIsSetBack(t *testing.T) {
	t.Parallel()
	c := &clocks{now: reading{wall: 1700000000 * time.Second}}
	s := newStore(0, c.read)
	c.move(time.Hour, 0) // frozen
	s.Set("a", "1", time.Minute)
	c.move(-2*time.Hour, 0)
	holds(t, s, "a", "1")
	c.move(59*time.Second, 59*time.Second)
	holds(t, s, "a", "1")
	c.move(time.Second, time.Second)
	holds(t, s, "a", "")
	s.Set("b", "2", time.Minute)
	c.move(time.Minute, 0) // frozen again, by a clock that shows an hour that was already
	holds(t, s, "b", "")
}

// TestJitterDoesNotAddUp: two clocks that are never read at the same instant.
func TestJitterDoesNotAddUp(t *testing.T) {
	t.Parallel()
	c := &clocks{now: reading{wall: 1700000000 * time.Second}}
	s := newStore(0, c.read)
	s.Set("a", "1", time.Minute)
	for i := range 100_000 {
		c.move(time.Duration(1-i%2*2)*900*time.Microsecond, 0)
		s.Get("a")
	}
	holds(t, s, "a", "1")
	c.move(time.Minute-time.Millisecond, time.Minute-time.Millisecond)
	holds(t, s, "a", "1")
	c.move(time.Millisecond, time.Millisecond)
	holds(t, s, "a", "")
}

// TestNoGoroutineStays: the bubble ends only when all have, and a deadlock in it
// would be one that waits.
func TestNoGoroutineStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(*testing.T) {
		s := New(10_000)
		for i := range 1000 {
			s.Set(strconv.Itoa(i), "x", time.Second)
			s.Get(strconv.Itoa(i / 2))
		}
		s.Clear()
	})
}

// TestConcurrentUse for the race detector; each goroutine sees its own writes,
// and nobody sees a text under another key.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	s := New(limit)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				shared, own := fmt.Sprint("shared ", i%50), fmt.Sprint(g, i%5)
				s.Set(shared, shared+strings.Repeat("x", i%100), time.Hour)
				if text, ok := s.Get(shared); ok && strings.TrimRight(text, "x") != shared {
					t.Errorf("under %q is %q", shared, text)
				}
				s.Set(own, own, time.Hour)
				if text, ok := s.Get(own); !ok || text != own {
					t.Errorf("under %q is %q, %v", own, text, ok)
				}
				s.Delete(own)
				if text, ok := s.Get(own); ok {
					t.Errorf("under %q is %q after Delete", own, text)
				}
				switch i % 500 {
				case 100:
					s.Bytes()
				case 200:
					s.Delete(shared)
				}
			}
		})
	}
	wg.Wait()
	if got := s.Bytes(); got > limit {
		t.Errorf("%d bytes, and the limit is %d", got, limit)
	}
}
