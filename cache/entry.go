package cache

import "encoding/json"

// An entry is stored as a JSON document:
//
//	{"$c":{...header...},"json":<value>,"meta":<what the value means>}
//
// A reader that knows superjson takes the members "json" and "meta", which is
// there where the codec has some, and passes over "$c", so that a TypeScript
// neighbor reads entries unchanged. A lease and a
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

const entryVersion = 1

type document struct {
	Header *header         `json:"$c"`
	Value  json.RawMessage `json:"json"`
	Meta   json.RawMessage `json:"meta,omitempty"`
}

var null = json.RawMessage("null")

func (d document) encode() (string, error) {
	text, err := writeJSON(d)
	return string(text), err
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
