package upstashtest

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A sketch is a HyperLogLog as Redis keeps it in a string, in the form that it
// calls dense: a header, and 6 bits for each register, the low ones first. The
// counts are those of Redis, which the estimator of the engine does not give.
type sketch []byte

const (
	sketchHeader    = 16
	sketchRegisters = 1 << 14
	sketchLen       = sketchHeader + sketchRegisters*6/8
	sketchMost      = 64 - 14 + 1 // the largest value of a register
)

func newSketch() sketch {
	s := make(sketch, sketchLen)
	copy(s, "HYLL")
	s[sketchHeader-1] = 0x80 // the count in the header is not there
	return s
}

// asSketch reads a string; ok is false when it is none.
func asSketch(text []byte) (s sketch, ok bool) {
	return sketch(text), len(text) == sketchLen && string(text[:5]) == "HYLL\x00"
}

// register returns the two bytes that hold a register, and where it begins in
// them. The last register ends with the last byte.
func (s sketch) register(i int) (at, shift int) { return sketchHeader + i*6/8, i * 6 % 8 }

func (s sketch) get(i int) int {
	at, shift := s.register(i)
	value := int(s[at])
	if at+1 < len(s) {
		value |= int(s[at+1]) << 8
	}
	return value >> shift & 63
}

// raise sets a register to a value that is larger than what it has, and reports
// whether it was.
func (s sketch) raise(i, value int) bool {
	old := s.get(i)
	if value <= old {
		return false
	}
	at, shift := s.register(i)
	flip := (old ^ value) << shift
	s[at] ^= byte(flip & 0xff)
	if high := flip >> 8; high != 0 {
		s[at+1] ^= byte(high & 0xff)
	}
	return true
}

// add counts an element and reports whether that changed anything.
func (s sketch) add(element string) bool {
	hash := murmur64([]byte(element), 0xadc83b19)
	rest := hash/sketchRegisters | 1<<(sketchMost-1)
	return s.raise(int(hash%sketchRegisters), bits.TrailingZeros64(rest)+1)
}

func (s sketch) merge(other sketch) {
	for i := range sketchRegisters {
		s.raise(i, other.get(i))
	}
}

// count is Ertl's improved estimator (arXiv:1702.01284, algorithm 6).
func (s sketch) count() int64 {
	var histogram [sketchMost + 1]float64
	for i := range sketchRegisters {
		histogram[min(s.get(i), sketchMost)]++
	}
	const m = sketchRegisters
	z := m * tau(1-histogram[sketchMost]/m)
	for k := sketchMost - 1; k >= 1; k-- {
		z = (z + histogram[k]) / 2
	}
	z += m * sigma(histogram[0]/m)
	return int64(math.Round(m * m / (2 * math.Ln2 * z)))
}

func sigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for before := math.NaN(); z != before; y *= 2 {
		x *= x
		before = z
		z += x * y
	}
	return z
}

func tau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for before := math.NaN(); z != before; {
		x = math.Sqrt(x)
		before = z
		y /= 2
		z -= (1 - x) * (1 - x) * y
	}
	return z / 3
}

// murmur64 is MurmurHash64A of Austin Appleby, which decides what Redis counts.
func murmur64(data []byte, seed uint64) uint64 {
	const m, r = 0xc6a4a7935bd1e995, 47
	h := seed ^ uint64(len(data))*m
	for ; len(data) >= 8; data = data[8:] {
		k := binary.LittleEndian.Uint64(data) * m
		h = (h ^ (k^k>>r)*m) * m
	}
	if len(data) > 0 {
		var rest [8]byte
		copy(rest[:], data)
		h = (h ^ binary.LittleEndian.Uint64(rest[:])) * m
	}
	h = (h ^ h>>r) * m
	return h ^ h>>r
}
