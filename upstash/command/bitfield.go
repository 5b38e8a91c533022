package command

import "strconv"

// BitWidth is the form of an integer of any width: [Signed] or [Unsigned].
type BitWidth struct {
	word string
	err  string
}

// Signed is the form of integers of 1 to 64 bits in two's complement.
func Signed(bits int) BitWidth { return bitWidth("i", bits, 64) }

// Unsigned is the form of integers of 1 to 63 bits that are never negative.
func Unsigned(bits int) BitWidth { return bitWidth("u", bits, 63) }

func bitWidth(sign string, bits, most int) BitWidth {
	w := BitWidth{word: sign + strconv.Itoa(bits)}
	if bits < 1 || bits > most {
		w.err = "a signed integer has 1 to 64 bits, an unsigned one 1 to 63"
	}
	return w
}

// At is the integer of this form that begins at a bit of the string.
func (w BitWidth) At(offset int64) BitInt { return w.at("", offset) }

// Slot is the n-th integer of this form, from 0 on, in a string that is an array
// of them.
func (w BitWidth) Slot(n int64) BitInt { return w.at("#", n) }

func (w BitWidth) at(prefix string, n int64) BitInt {
	i := BitInt{width: w.word, offset: prefix + strconv.FormatInt(n, 10), err: w.err}
	if n < 0 && i.err == "" {
		i.err = "offset must not be negative"
	}
	return i
}

// BitInt is an integer inside a string: a [BitWidth] and where it begins. It is a
// value that can be kept to name a counter:
//
//	var visits = command.Unsigned(24).At(0)
type BitInt struct {
	width, offset string
	err           string
}

func (i BitInt) appendTo(t *tail) {
	switch {
	case i.err != "":
		t.refuse(i.err)
	case i.width == "":
		t.refuse("an integer needs a form and a place: make it with Signed or Unsigned, and At or Slot")
	}
	t.add(i.width, i.offset)
}

// BitFieldOp is one operation of [BitField] on a [BitInt].
type BitFieldOp struct {
	word     string
	of       BitInt
	value    int64
	overflow BitOverflow
}

// Get reads the integer; where the string has no bits they are zero.
func (i BitInt) Get() BitFieldOp { return BitFieldOp{word: "GET", of: i} }

// Set writes a value and returns the old one.
func (i BitInt) Set(value int64) BitFieldOp { return BitFieldOp{word: "SET", of: i, value: value} }

// IncrBy adds increment, which may be negative, and returns the new value.
func (i BitInt) IncrBy(increment int64) BitFieldOp {
	return BitFieldOp{word: "INCRBY", of: i, value: increment}
}

// BitOverflow says what becomes of a value that its integer cannot hold.
type BitOverflow string

// What can become of such a value; the zero value is BitWrap.
const (
	BitWrap     BitOverflow = "WRAP" // the high bits are lost
	BitSaturate BitOverflow = "SAT"  // the nearest value that it can hold
	BitFail     BitOverflow = "FAIL" // nothing is written, and the result is absent
)

// OnOverflow is the operation with another answer to overflow. It is for [BitInt.Set]
// and [BitInt.IncrBy].
func (op BitFieldOp) OnOverflow(o BitOverflow) BitFieldOp {
	op.overflow = o
	return op
}

// bitFieldOps writes OVERFLOW where it changes: to Redis it holds for all that
// follows.
func bitFieldOps(ops []BitFieldOp) (t tail) {
	if len(ops) == 0 {
		t.refuse("needs at least one operation")
	}
	current := BitWrap
	for _, op := range ops {
		overflow := op.overflow
		switch overflow {
		case "":
			overflow = BitWrap
		case BitWrap, BitSaturate, BitFail:
		default:
			t.refuse("unknown overflow: use BitWrap, BitSaturate or BitFail")
		}
		switch {
		case op.word != "GET":
			if overflow != current {
				t.add("OVERFLOW", string(overflow))
				current = overflow
			}
		case op.overflow != "":
			t.refuse("reading does not overflow: leave out OnOverflow")
		}
		t.add(op.word)
		op.of.appendTo(&t)
		if op.word != "GET" {
			t.addInt(op.value)
		}
	}
	return t
}

// BitField runs operations on integers inside the string at key, in their order
// and as one, and returns a result for each: what was read, the old value, or the
// new one. It is one billed command whatever their number. For Redis it is a
// write even when it only reads; [BitFieldRO] is not.
func BitField(key string, ops ...BitFieldOp) Cmd[[]Null[int64]] {
	return once(Reply.nullInts, "BITFIELD", key, bitFieldOps(ops))
}

// BitFieldRO reads integers inside the string at key, in their order; where the
// string has no bits they are zero.
func BitFieldRO(key string, integers ...BitInt) Cmd[[]int64] {
	var t tail
	if len(integers) == 0 {
		t.refuse("needs at least one integer")
	}
	for _, i := range integers {
		t.add("GET")
		i.appendTo(&t)
	}
	return read(Reply.Ints, "BITFIELD_RO", key, t)
}

func (r Reply) nullInts() ([]Null[int64], error) { return each(r, Reply.NullInt) }
