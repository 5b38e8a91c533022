package sse

import (
	"strings"
	"testing"
)

// One large message must not hold its memory while a stream is quiet.
func TestALargeEventLeavesNoMemoryBehind(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	r := NewReader(strings.NewReader("data: "+strings.Repeat("x", size)+"\n\n"), size)
	if event, err := r.Next(); len(event) != size || err != nil {
		t.Fatalf("%d bytes, %v", len(event), err)
	}
	if kept := cap(r.line) + cap(r.data); kept > 2*keptSize {
		t.Errorf("%d bytes are kept", kept)
	}
}
