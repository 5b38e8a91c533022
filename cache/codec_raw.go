package cache

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"unicode/utf8"
)

// Raw is the codec of views whose values are strings or byte slices, or types
// made of them: the bytes come back as they were, whatever they are. Text is
// stored as JSON text and costs its own length, which [JSON] does for strings
// only; bytes that are not UTF-8 are stored as {"base64":"..."} and cost a third
// more. Its name is "raw".
func Raw() Codec { return rawCodec{} }

type rawCodec struct{}

// rawBytes is the form of what is not text. No text is an object.
type rawBytes struct {
	Base64 *string `json:"base64"`
}

var (
	errNotRaw  = errors.New("cache: the codec Raw takes strings and byte slices: use another for this type")
	errRawForm = errors.New("cache: the entry holds neither text nor base64")
)

func (rawCodec) Name() string { return "raw" }

func (rawCodec) Encode(v any) (text, meta []byte, err error) {
	var content []byte
	switch r := reflect.ValueOf(v); {
	case r.Kind() == reflect.String:
		content = []byte(r.String())
	case isBytes(r):
		content = r.Bytes()
	default:
		return nil, nil, errNotRaw
	}
	if utf8.Valid(content) {
		text, err = writeJSON(string(content))
	} else {
		in64 := base64.StdEncoding.EncodeToString(content)
		text, err = writeJSON(rawBytes{&in64})
	}
	return text, nil, err
}

func (rawCodec) Decode(text, meta []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.String && !isBytes(target.Elem()) {
		return errNotRaw
	}
	if len(meta) > 0 || len(text) == 0 {
		return errRawForm
	}
	content, err := rawContent(text)
	if err != nil {
		return err
	}
	if target = target.Elem(); target.Kind() == reflect.String {
		target.SetString(string(content))
	} else {
		target.SetBytes(content)
	}
	return nil
}

func rawContent(text []byte) ([]byte, error) {
	if text[0] == '"' {
		var s string
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, errRawForm
		}
		return []byte(s), nil
	}
	var form rawBytes
	if err := json.Unmarshal(text, &form); err != nil || form.Base64 == nil {
		return nil, errRawForm
	}
	content, err := base64.StdEncoding.DecodeString(*form.Base64)
	if err != nil {
		return nil, errRawForm
	}
	return content, nil
}

func isBytes(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8
}
