package cache

import (
	"bytes"
	"encoding/json"
	"errors"
)

// An entry is stored as a JSON document:
//
//	{"$c":{...header...},"json":<value>}
//
// A reader that knows superjson takes the member "json" and passes over "$c",
// so that a TypeScript neighbor reads entries unchanged. A lease and a
// remembered absence have the value null, which that neighbor takes for a miss.

// header is what the cache knows of an entry. Members that a later version adds
// are passed over by this one.
type header struct {
	Version  int               `json:"v"`
	ID       string            `json:"i"`           // random, one for each write
	Lease    bool              `json:"l,omitempty"` // no value yet: somebody is loading it
	Negative bool              `json:"n,omitempty"` // the source has no such thing
	Created  int64             `json:"t"`           // Unix milliseconds
	Fresh    int64             `json:"f,omitempty"` // fresh until, Unix milliseconds
	Delta    int64             `json:"d,omitempty"` // how long the load took, milliseconds
	Codec    string            `json:"c,omitempty"` // how the value is written
	Type     string            `json:"y,omitempty"` // what the value is
	Epoch    string            `json:"e"`           // stamp of the namespace, read before the load
	Stamps   map[string]string `json:"s,omitempty"` // stamp of each tag, read before the load
}

const (
	entryVersion = 1
	codecJSON    = "json"
)

type document struct {
	Header *header         `json:"$c"`
	Value  json.RawMessage `json:"json"`
}

var null = json.RawMessage("null")

func (d document) encode() (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return "", err
	}
	return string(bytes.TrimRight(b.Bytes(), "\n")), nil
}

// decodeDocument reads an entry. Whatever this version did not write is no
// entry, and as good as nothing.
func decodeDocument(text string) (document, bool) {
	var d document
	if err := json.Unmarshal([]byte(text), &d); err != nil || d.Header == nil || d.Header.Version != entryVersion {
		return document{}, false
	}
	return d, true
}

// encodeValue writes a value the way JavaScript would: without HTML escapes.
func encodeValue(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, errors.New("cache: the value has no JSON form: " + err.Error())
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
