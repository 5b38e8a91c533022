package superjson_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// A gardener grows random values of every kind.
type gardener struct {
	*rand.Rand

	shared []any // objects for several places
	flat   bool  // these hold no other of these: through them npm superjson loses references (#361)
	count  int
}

func newGardener(seed uint64) *gardener {
	return &gardener{Rand: rand.New(rand.NewPCG(seed, 1))}
}

var keys = []string{"a", "b", "", ".", `\`, `a.b`, `a\.b`, "0", "7", "10", "4294967295", "-1", "01", "日本", "json", "💥", "\u2028"}

// grow returns a value. npm superjson loses references inside a Set, a key of a
// Map or an Error, so there (alone) nothing is shared.
func (g *gardener) grow(depth int, alone bool) any {
	if !alone && len(g.shared) > 0 && g.IntN(6) == 0 {
		return g.shared[g.IntN(len(g.shared))]
	}
	share := !alone && g.IntN(2) == 0
	v, identity := g.leaf(), false
	if depth > 0 {
		v, identity = g.container(depth-1, alone || share && g.flat), true
	} else if g.IntN(3) == 0 {
		v, identity = g.object(), true
	}
	if identity && share {
		g.shared = append(g.shared, v)
	}
	return v
}

// leaf is a value without an identity.
func (g *gardener) leaf() any {
	switch g.IntN(12) {
	case 0:
		return nil
	case 1:
		return superjson.Undefined{}
	case 2:
		return g.IntN(2) == 0
	case 3:
		return math.NaN()
	case 4:
		return math.Copysign(0, -1)
	case 5:
		return math.Inf(1 - 2*g.IntN(2))
	case 6:
		return big.NewInt(g.Int64N(4))
	case 7:
		return new(big.Int).Lsh(big.NewInt(-g.Int64()), uint(g.IntN(200)))
	case 8:
		return g.text()
	case 9:
		return float64(g.IntN(100))
	case 10:
		return math.Float64frombits(g.Uint64() &^ (1 << 62)) // never NaN
	}
	return math.Ldexp(g.Float64(), g.IntN(160)-80)
}

func (g *gardener) text() string {
	pieces := []string{"a", `"`, `\`, "\x00", "\x1f", "\x7f", "<&>", "é", "💥", "\u2028", "\xed\xa0\x80", "\ufffd", "/", "\n"}
	var text strings.Builder
	for range g.IntN(5) {
		text.WriteString(pieces[g.IntN(len(pieces))])
	}
	return text.String()
}

// object is a leaf with an identity.
func (g *gardener) object() any {
	switch g.IntN(6) {
	case 0:
		at := time.UnixMilli(g.Int64N(2*8.64e15+1) - 8.64e15).UTC()
		return &at
	case 1:
		return &superjson.RegExp{Source: []string{`a\/b+`, `(?:)`, `[/\]]\u2028`}[g.IntN(3)], Flags: []string{"", "g", "giy"}[g.IntN(3)]}
	case 2:
		u, err := url.Parse("https://u:p@example.com:8080/a%20b?q=" + strconv.Itoa(g.IntN(9)) + "#f")
		if err != nil {
			panic(err)
		}
		return u
	case 3:
		b := make([]byte, g.IntN(4), 5)
		for i := range b {
			b[i] = byte(g.IntN(256))
		}
		return b
	case 4:
		return &superjson.TypedArray{Kind: "Float64Array", Elements: []float64{g.NormFloat64(), 1e21, 0}}
	}
	return &superjson.TypedArray{Kind: "Int16Array", Elements: []float64{float64(g.IntN(65536) - 32768)}}
}

func (g *gardener) container(depth int, alone bool) any {
	n := g.IntN(4)
	switch g.IntN(7) {
	case 0:
		array := make([]any, n, n+1)
		for i := range array {
			array[i] = g.grow(depth, alone)
		}
		return array
	case 1:
		set := make(superjson.Set[any], n, n+1)
		for i := range set {
			set[i] = g.unique(depth)
		}
		return set
	case 2:
		m := make(superjson.Map[any, any], n, n+1)
		for i := range m {
			m[i].Key, m[i].Value = g.unique(depth), g.grow(depth, alone)
		}
		return m
	case 3:
		return &superjson.Error{Name: "TypeError", Message: g.text(), Cause: g.unique(depth)}
	}
	object := make(superjson.Object, 0, n+1)
	for _, i := range g.Perm(len(keys))[:n] {
		object = append(object, superjson.Member{Key: keys[i], Value: g.grow(depth, alone)})
	}
	return object
}

// unique returns what JavaScript finds once in a Set.
func (g *gardener) unique(depth int) any {
	g.count++
	switch g.IntN(4) {
	case 0:
		return float64(g.count)
	case 1:
		return big.NewInt(int64(g.count))
	case 2:
		return fmt.Sprint(g.count, g.text())
	}
	return g.container(depth/2, true)
}
