package cache

import (
	"bytes"
	"encoding/json"
	"errors"
)

// JSON is the codec that a view uses by default: package encoding/json, without
// the escapes for HTML. Its name is "json".
func JSON() Codec { return jsonCodec{} }

type jsonCodec struct{}

const codecJSON = "json"

var errAnnotated = errors.New("cache: the value has superjson annotations: read it with the codec of cache/superjson")

func (jsonCodec) Name() string { return codecJSON }

func (jsonCodec) Encode(v any) (text, meta []byte, err error) {
	text, err = writeJSON(v)
	if err != nil {
		return nil, nil, errors.New("cache: the value has no JSON form: " + err.Error())
	}
	return text, nil, nil
}

// Decode refuses annotations, which say that the JSON is not what is meant: a
// second reference to an object may be written as null.
func (jsonCodec) Decode(text, meta []byte, v any) error {
	if len(meta) > 0 {
		return errAnnotated
	}
	return json.Unmarshal(text, v)
}

// writeJSON writes JSON the way JavaScript would: without HTML escapes.
func writeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
