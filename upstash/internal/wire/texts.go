package wire

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
)

const (
	// blockSize is the most bytes that short texts share. Whoever keeps one of them
	// keeps its block: cutting all texts out of one string of the whole body would
	// save the few allocations of the blocks, but a cached field of a few bytes
	// would then hold megabytes.
	blockSize = 1 << 10
	// longestShared is the length of a text that a block still takes: it bounds how
	// much of a block stays unused. A longer one has memory of its own, for which
	// one allocation is not much.
	longestShared = blockSize / 4
)

// texts makes the strings of a reply, each where it stays: nothing is built to be
// copied again.
type texts struct {
	block, alone strings.Builder
	decoded      [blockSize * 3 / 4]byte // base64 on its way into a builder, part by part
}

// room returns a builder that takes n more bytes without growing. rest is how
// many bytes of the body follow: at its end a block has no use for more.
func (t *texts) room(n, rest int) *strings.Builder {
	if n > longestShared {
		t.alone = strings.Builder{}
		t.alone.Grow(n)
		return &t.alone
	}
	if t.block.Cap()-t.block.Len() < n {
		t.block = strings.Builder{}
		t.block.Grow(min(blockSize, n+rest))
	}
	return &t.block
}

// add returns s as a string.
func (t *texts) add(s []byte, rest int) string {
	b := t.room(len(s), rest)
	start := b.Len()
	b.Write(s)
	return b.String()[start:]
}

// strict refuses padding bits that are not zero.
var strict = base64.StdEncoding.Strict()

// addBase64 returns what s encodes, or reports that it is not base64. The decoder
// of the standard library passes over line breaks, of which a reply has none: the
// length shows them.
func (t *texts) addBase64(s []byte, rest int) (string, bool) {
	if len(s)%4 != 0 {
		return "", false
	}
	pad := []byte("=")
	padding := len(s) - len(bytes.TrimSuffix(bytes.TrimSuffix(s, pad), pad))
	n := len(s)/4*3 - padding
	b := t.room(n, rest)
	start := b.Len()
	for part := range slices.Chunk(s, blockSize) {
		got, err := strict.Decode(t.decoded[:], part)
		if err != nil {
			return "", false
		}
		b.Write(t.decoded[:got])
	}
	return b.String()[start:], b.Len()-start == n
}
