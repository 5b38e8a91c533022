package cache

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"
)

// CompressOptions tunes [Compressed]. Every field may stay zero.
type CompressOptions struct {
	// Threshold is the size in bytes of the value's JSON from which on it is
	// tried to compress it. Default 1 KiB: base64 adds a third to what gzip
	// leaves, so that shorter JSON gains little for the time.
	Threshold int

	// MaxSize is the largest size in bytes of a value before compression. A
	// larger one is not written, and [ErrTooLarge] is returned; reading stops
	// there, whatever a small entry unfolds to. Default 64 MiB.
	MaxSize int
}

const (
	defaultThreshold = 1 << 10
	defaultMaxSize   = 64 << 20
)

// Compressed is the codec inner, [JSON] if that is nil, with values compressed
// by gzip where that makes the entry smaller. What stays as it is can be read by
// a program that knows only inner's form. What is compressed is a JSON string:
// the base64 of the gzip of a superjson document. Its name is that of inner with
// "+gzip".
//
// The length of an entry tells how well its value compresses. Where that is
// encrypted besides and part of the value comes from an attacker who can see
// lengths, the rest of it can be guessed: leave compression out there.
func Compressed(inner Codec, o CompressOptions) Codec {
	if inner == nil {
		inner = JSON()
	}
	if o.Threshold <= 0 {
		o.Threshold = defaultThreshold
	}
	if o.MaxSize <= 0 {
		o.MaxSize = defaultMaxSize
	}
	return &compressed{inner, o}
}

type compressed struct {
	inner Codec
	opts  CompressOptions
}

// The three bytes that begin every gzip, and the four characters they are in
// base64. They tell the two forms apart: no JSON begins with the bytes, and a
// string that begins with the characters is always compressed.
const (
	gzipMagic   = "\x1f\x8b\x08"
	gzipMagic64 = `"H4sI`
)

var errGzip = errors.New("cache: the value is not whole gzip, or unfolds to more than CompressOptions.MaxSize")

func (c *compressed) Name() string { return c.inner.Name() + "+gzip" }

// At hands the key to inner.
func (c *compressed) At(key string) Codec {
	if keyed, ok := c.inner.(KeyedCodec); ok {
		return &compressed{keyed.At(key), c.opts}
	}
	return c
}

func (c *compressed) Encode(v any) (text, meta []byte, err error) {
	text, meta, err = c.inner.Encode(v)
	if err != nil {
		return nil, nil, err
	}
	ambiguous := bytes.HasPrefix(text, []byte(gzipMagic64))
	if len(text) < c.opts.Threshold && !ambiguous {
		return text, meta, nil
	}
	small, err := c.squeeze(packText(text, meta))
	if err != nil {
		return nil, nil, err
	}
	if base64.StdEncoding.EncodedLen(len(small))+len(`""`) >= len(text)+len(meta) && !ambiguous {
		return text, meta, nil
	}
	return quote64(small), nil, nil
}

func (c *compressed) Decode(text, meta []byte, v any) error {
	if !bytes.HasPrefix(text, []byte(gzipMagic64)) {
		return c.inner.Decode(text, meta, v)
	}
	small, ok := unquote64(text)
	if !ok || len(meta) > 0 {
		return errGzip
	}
	packed, err := c.unfold(small)
	if err != nil {
		return err
	}
	return unpackText(c.inner, packed, v)
}

// pack is Encode for a codec around this one.
func (c *compressed) pack(v any) ([]byte, error) {
	packed, err := pack(c.inner, v)
	if err != nil || len(packed) < c.opts.Threshold {
		return packed, err
	}
	small, err := c.squeeze(packed)
	if err != nil {
		return nil, err
	}
	if len(small) < len(packed) {
		return small, nil
	}
	return packed, nil
}

func (c *compressed) unpack(packed []byte, v any) error {
	if bytes.HasPrefix(packed, []byte(gzipMagic)) {
		var err error
		if packed, err = c.unfold(packed); err != nil {
			return err
		}
	}
	return unpack(c.inner, packed, v)
}

// A gzip.Writer takes most of a megabyte, a reader 40 KB.
var (
	gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
	gzipReaders = sync.Pool{New: func() any { return new(gzip.Reader) }}
)

func (c *compressed) squeeze(packed []byte) ([]byte, error) {
	if len(packed) > c.opts.MaxSize {
		return nil, fmt.Errorf("%w: %d bytes before compression, and CompressOptions.MaxSize is %d", ErrTooLarge, len(packed), c.opts.MaxSize)
	}
	w, _ := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(w)
	var small bytes.Buffer
	w.Reset(&small)
	_, err := w.Write(packed)
	err = errors.Join(err, w.Close()) // before the bytes are taken
	return small.Bytes(), err
}

func (c *compressed) unfold(small []byte) ([]byte, error) {
	r, _ := gzipReaders.Get().(*gzip.Reader)
	defer gzipReaders.Put(r)
	source := bytes.NewReader(small)
	if r.Reset(source) != nil {
		return nil, errGzip
	}
	r.Multistream(false)
	packed, err := io.ReadAll(io.LimitReader(r, int64(c.opts.MaxSize)+1))
	if err != nil || len(packed) > c.opts.MaxSize || source.Len() > 0 {
		return nil, errGzip
	}
	return packed, nil
}
