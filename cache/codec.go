package cache

import (
	"encoding/json"
	"fmt"
)

// Codec says how the values of a view are written; see [ViewOptions.Codec].
// [JSON] is the default, [Raw] is for text and bytes, package cache/superjson
// has one for what TypeScript's superjson reads and writes, and [Compressed]
// and [Encrypted] wrap any of them.
//
// A codec is used from many goroutines at once, and what it returns and what it
// is given belongs to the caller: it keeps no part of either. Its methods see
// text that anybody may have written to Redis, so Decode returns an error and
// does not panic; the entry is then a miss, and loaded anew.
type Codec interface {
	// Name is written in each entry, and an entry of another name is a miss:
	// change the name with the form. While two programs of different codecs run
	// side by side, each misses what the other stored; raise [Options.Schema]
	// to have both keep their entries.
	Name() string

	// Encode returns v as JSON, and what superjson calls its meta: what the JSON
	// means, as JSON too, or nil. Readers in other languages find them in the
	// members "json" and "meta" of the entry.
	Encode(v any) (json, meta []byte, err error)

	// Decode reads both into what v points to.
	Decode(json, meta []byte, v any) error
}

// KeyedCodec is a codec whose text depends on the key it is stored under. Who
// wraps another codec implements it by handing the key on.
type KeyedCodec interface {
	Codec

	// At returns the codec of one entry. The key is the one in Redis, with the
	// namespace and the schema.
	At(key string) Codec
}

// body is a value as its codec wrote it.
type body struct{ value, meta json.RawMessage }

// absence is the body of what does not exist.
var absence = body{value: null}

// encode writes a value. What is wrong is said without the value.
func (c call) encode(v any) (body, error) {
	value, meta, err := c.codec.Encode(v)
	if err != nil {
		return body{}, err
	}
	if len(value) == 0 {
		return body{}, fmt.Errorf("cache: codec %q returned neither JSON nor an error", c.codec.Name())
	}
	if c.bare && len(meta) > 0 {
		return body{}, errAnnotations
	}
	return body{value, meta}, nil
}

// decodeValue reads a value, whole or not at all.
func decodeValue[T any](c call, value, meta []byte) (v T, ok bool) {
	if value == nil || c.codec.Decode(value, meta, &v) != nil {
		var zero T
		return zero, false
	}
	return v, true
}
