package cache

import (
	"encoding/base64"
	"encoding/json"
	"errors"
)

// What a wrapping codec compresses or encrypts is a value's whole superjson
// document, {"json":...,"meta":...}: a program in another language that undoes
// the wrapping has what it knows how to read.

// packer is a wrapping codec that can give its bytes as they are to the next
// one. Base64 comes once, at the outside.
type packer interface {
	pack(v any) ([]byte, error)
	unpack(packed []byte, v any) error
}

var errPacked = errors.New("cache: the wrapped value is no superjson document")

func pack(c Codec, v any) ([]byte, error) {
	if p, ok := c.(packer); ok {
		return p.pack(v)
	}
	text, meta, err := c.Encode(v)
	if err != nil {
		return nil, err
	}
	return packText(text, meta), nil
}

func packText(text, meta []byte) []byte {
	packed := make([]byte, 0, len(`{"json":,"meta":}`)+len(text)+len(meta))
	packed = append(append(packed, `{"json":`...), text...)
	if len(meta) > 0 {
		packed = append(append(packed, `,"meta":`...), meta...)
	}
	return append(packed, '}')
}

func unpack(c Codec, packed []byte, v any) error {
	if p, ok := c.(packer); ok {
		return p.unpack(packed, v)
	}
	return unpackText(c, packed, v)
}

func unpackText(c Codec, packed []byte, v any) error {
	var parts struct {
		JSON json.RawMessage `json:"json"`
		Meta json.RawMessage `json:"meta"`
	}
	if json.Unmarshal(packed, &parts) != nil || parts.JSON == nil {
		return errPacked
	}
	return c.Decode(parts.JSON, parts.Meta, v)
}

// quote64 is bytes as a JSON string in base64, whose letters need no escapes.
func quote64(b []byte) []byte {
	text := make([]byte, 0, base64.StdEncoding.EncodedLen(len(b))+2)
	text = base64.StdEncoding.AppendEncode(append(text, '"'), b)
	return append(text, '"')
}

func unquote64(text []byte) ([]byte, bool) {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return nil, false
	}
	b, err := base64.StdEncoding.Strict().AppendDecode(nil, text[1:len(text)-1])
	return b, err == nil
}
