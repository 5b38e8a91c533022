package cache

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// decodeForeign reads a superjson document that has no header of this package:
// what a TypeScript neighbor wrote by redis.set(key, superjson.stringify(value)).
func decodeForeign(text string) (document, bool) {
	var d struct {
		Header json.RawMessage `json:"$c"`
		JSON   json.RawMessage `json:"json"`
		Meta   json.RawMessage `json:"meta"`
	}
	if json.Unmarshal([]byte(text), &d) != nil || d.Header != nil || d.JSON == nil {
		return document{}, false
	}
	return document{Value: d.JSON, Meta: d.Meta}, true
}

// foreignValue is the value of such a document. Null is how JavaScript says that
// there is nothing: it is a value only of a type that has a nil.
func foreignValue[T any](c call, text string) (value T, ok bool) {
	d, ok := decodeForeign(text)
	if !ok || bytes.Equal(d.Value, null) && !nilable(reflect.TypeFor[T]()) {
		return value, false
	}
	return decodeValue[T](c, d.Value, d.Meta)
}

func nilable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return true
	default:
		return false
	}
}
