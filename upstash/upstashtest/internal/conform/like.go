package conform

import (
	"reflect"
	"time"
)

// likeness says when what a database answers is what a case wants.
type likeness struct {
	slack     time.Duration // what durations may differ by
	unordered bool          // lists have no order
}

func (l likeness) of(want, got any) bool {
	return l.same(reflect.ValueOf(want), reflect.ValueOf(got))
}

func (l likeness) same(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	if a.Type() != b.Type() {
		return false
	}
	if x, isTime := reflect.TypeAssert[time.Time](a); isTime {
		y, _ := reflect.TypeAssert[time.Time](b)
		return x.Equal(y)
	}
	if x, isDuration := reflect.TypeAssert[time.Duration](a); isDuration {
		y, _ := reflect.TypeAssert[time.Duration](b)
		return (x - y).Abs() <= l.slack
	}
	switch a.Kind() {
	case reflect.Interface:
		return l.same(a.Elem(), b.Elem())
	case reflect.Struct:
		return l.sameFields(a, b)
	case reflect.Slice:
		return a.IsNil() == b.IsNil() && l.sameItems(a, b)
	case reflect.Map:
		return a.IsNil() == b.IsNil() && l.sameEntries(a, b)
	}
	return a.Comparable() && b.Comparable() && a.Equal(b)
}

func (l likeness) sameFields(a, b reflect.Value) bool {
	for i := range a.NumField() {
		if !l.same(a.Field(i), b.Field(i)) {
			return false
		}
	}
	return true
}

// sameItems finds for each item of a one of b: the one at its place, or, where
// there is no order, any that is not taken.
func (l likeness) sameItems(a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	taken := make([]bool, b.Len())
	for i := range a.Len() {
		found := false
		for j := range b.Len() {
			if found = (i == j || l.unordered) && !taken[j] && l.same(a.Index(i), b.Index(j)); found {
				taken[j] = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func (l likeness) sameEntries(a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	for _, key := range a.MapKeys() {
		if !l.same(a.MapIndex(key), b.MapIndex(key)) {
			return false
		}
	}
	return true
}

// Unordered tells the commands whose lists have no order.
func Unordered(name string) bool {
	switch name {
	case "FUNCTION LIST", "HGETALL", "HKEYS", "HRANDFIELD", "HSCAN", "HVALS", "KEYS", "SCAN", "SDIFF", "SINTER", "SMEMBERS",
		"SPOP", "SRANDMEMBER", "SSCAN", "SUNION", "ZRANDMEMBER", "ZSCAN":
		return true
	}
	return false
}
