package superjson

import (
	"math"
	"math/big"
	"reflect"
)

// An identity tells whether two places hold the same object.
type identity struct {
	t   reflect.Type
	at  any // a pointer, or what stands for one
	len int // of a slice
}

// A sighting is an object with the places where it was seen.
type sighting struct {
	places []*step
	done   *out // once it was walked to its end
}

// What npm superjson compares by value where JavaScript has no identity: NaN
// and bigints are not on its list of primitive types.
type (
	isNaN    struct{}
	isBigInt string
)

// resolve follows interfaces and pointers to the value and says what identity
// it has in JavaScript. It is false for nil.
func resolve(v reflect.Value) (reflect.Value, identity, bool) {
	var id identity
	for range maxDepth {
		switch v.Kind() {
		case reflect.Invalid:
			return v, id, false
		case reflect.Interface, reflect.Pointer:
			if v.IsNil() {
				return v, id, false
			}
			if v.Kind() == reflect.Pointer {
				id = identity{}
				if t := v.Type().Elem(); (t.Kind() == reflect.Struct || t.Kind() == reflect.Array) && t.Size() > 0 {
					id = identity{t: t, at: v.UnsafePointer()}
				}
			}
			v = v.Elem()
			continue
		case reflect.Map:
			if v.IsNil() {
				return v, id, false
			}
			id = identity{t: v.Type(), at: v.UnsafePointer()}
		case reflect.Slice:
			if v.IsNil() {
				return v, id, false
			}
			if v.Cap() > 0 && v.Type().Elem().Size() > 0 { // the others all stand in one place
				id = identity{v.Type(), v.UnsafePointer(), v.Len()}
			}
		case reflect.Float32, reflect.Float64:
			if math.IsNaN(v.Float()) {
				id = identity{at: isNaN{}}
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[big.Int]() {
				id = identity{at: isBigInt(asBigInt(v).String())}
			}
		}
		return v, withoutIdentity(v, id), true
	}
	return reflect.Value{}, identity{}, false // a pointer to itself
}

// withoutIdentity takes it from what JavaScript has no identity for, and from
// types that write themselves.
func withoutIdentity(v reflect.Value, id identity) identity {
	if t := v.Type(); t == reflect.TypeFor[Undefined]() {
		return identity{}
	} else if t == reflect.TypeFor[Tagged]() {
		if v.FieldByName("Kind").String() == string(Symbol) {
			return identity{}
		}
		return id
	} else if _, leaf := leaves[t]; leaf {
		return id
	}
	if _, ok := ownWriter(v); ok {
		return identity{}
	}
	return id
}
