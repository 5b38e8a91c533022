package superjson

// Codec is the codec for views of package cache whose entries TypeScript reads
// with superjson.parse and writes with superjson.stringify:
//
//	orders := cache.Of[Order](c, cache.ViewOptions{Codec: superjson.Codec()})
func Codec() ValueCodec { return ValueCodec{} }

// ValueCodec writes values as superjson documents. It is safe for concurrent
// use.
type ValueCodec struct {
	// Options change how values are written; every ValueCodec reads all of it.
	Options Options
}

// Name is "superjson", whatever the options.
func (ValueCodec) Name() string { return "superjson" }

// Encode returns the document of v in its parts. See [Encode].
func (c ValueCodec) Encode(v any) (json, meta []byte, err error) {
	d, err := c.Options.Encode(v)
	return d.JSON, d.Meta, err
}

// Decode reads a document in its parts into what v points to; see
// [Document.Decode].
func (ValueCodec) Decode(json, meta []byte, v any) error {
	d := Document{JSON: json}
	if len(meta) > 0 {
		d.Meta = meta
	}
	return d.Decode(v)
}
