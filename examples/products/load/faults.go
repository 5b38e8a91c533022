package load

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// trouble has one request in twenty fail, in the ways that networks and services
// fail in: lost before or after it was executed, refused, cut short, or late.
type trouble struct{ requests atomic.Int64 }

func (t *trouble) strike(x *upstashtest.Exchange) {
	kind := rand.IntN(120)
	if kind <= 5 {
		t.requests.Add(1)
	}
	switch kind {
	case 0:
		upstashtest.DropBefore(x)
	case 1:
		upstashtest.ExecuteThenDrop(x)
	case 2:
		upstashtest.Status(500)(x)
	case 3:
		upstashtest.TooManyRequests(0)(x)
	case 4:
		upstashtest.CutBody(5)(x)
	case 5:
		x.Delay(time.Duration(1+rand.IntN(20)) * time.Millisecond)
	}
}
