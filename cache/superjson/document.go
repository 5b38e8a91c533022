package superjson

import (
	"encoding/json"
	"reflect"
)

// Document is a superjson document in its two parts. Embed it in a struct to
// add members of your own, which readers of superjson pass over:
//
//	type entry struct {
//		Header header `json:"$c"`
//		superjson.Document
//	}
//
// Write such a struct with a json.Encoder after SetEscapeHTML(false) to keep
// the text as JavaScript writes it.
type Document struct {
	JSON json.RawMessage `json:"json"`
	Meta json.RawMessage `json:"meta,omitempty"`
}

// Options change how values are written. Readers need not know.
type Options struct {
	// Dedupe writes an object that is referred to more than once in one place
	// only.
	Dedupe bool
}

// Marshal returns the document of v as text, byte for byte what
// superjson.stringify returns for the same value. It reports [ValueError] and
// [LimitError].
func Marshal(v any) ([]byte, error) {
	d, err := Encode(v)
	if err != nil {
		return nil, err
	}
	text := make([]byte, 0, len(`{"json":,"meta":}`)+len(d.JSON)+len(d.Meta))
	text = append(append(text, `{"json":`...), d.JSON...)
	if d.Meta != nil {
		text = append(append(text, `,"meta":`...), d.Meta...)
	}
	return append(text, '}'), nil
}

// Encode returns the document of v in its parts. See [Marshal].
func Encode(v any) (Document, error) { return Options{}.Encode(v) }

// Encode is [Encode] with options.
func (o Options) Encode(v any) (Document, error) {
	e := encoder{dedupe: o.Dedupe, seen: map[identity]*sighting{}}
	root, err := e.walk(reflect.ValueOf(v), nil)
	if err != nil {
		return Document{}, err
	}
	return e.document(root)
}

// Unmarshal reads a document into what v points to. Text that is not JSON is a
// [SyntaxError], JSON without a member "json" is [ErrNotSuperJSON]; the other
// errors are [AnnotationError], [TypeError] and [LimitError], and v may then
// be filled in part.
func Unmarshal(data []byte, v any) error {
	top, err := parse(data, documentDepth)
	if err != nil {
		return err
	}
	root := top.member("json")
	if root == nil {
		return ErrNotSuperJSON
	}
	return decode(data, root, top.member("meta"), v)
}

// Decode reads the document into what v points to. See [Unmarshal].
func (d Document) Decode(v any) error {
	if d.JSON == nil {
		return ErrNotSuperJSON
	}
	root, err := parse(d.JSON, maxDepth)
	if err != nil {
		return err
	}
	var meta *node
	if d.Meta != nil {
		if meta, err = parse(d.Meta, metaDepth); err != nil {
			return err
		}
	}
	return decode(d.JSON, root, meta, v)
}

func decode(text []byte, root, meta *node, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return &TypeError{Kind: "document", Type: reflect.TypeOf(v), Hint: "give a pointer that is not nil"}
	}
	if err := annotate(root, meta); err != nil {
		return err
	}
	d := decoder{text: text, made: map[place]reflect.Value{}}
	return d.assign(root, target)
}
