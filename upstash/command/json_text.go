package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// jsonText is a value as JSON text, without the escapes for HTML, which would
// only cost bytes.
func jsonText(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", &marshalError{what: fmt.Sprintf("%T does not marshal to JSON", v), err: err}
	}
	text := strings.TrimSuffix(b.String(), "\n")
	_, raw := v.(json.RawMessage)
	if !utf8.ValidString(text) || !raw && replacesBytes(text) {
		return "", errors.New("JSON is Unicode, and this holds text that is not valid UTF-8: encode the bytes, for example as base64")
	}
	return text, nil
}

// replacesBytes finds the escape \ufffd, which encoding/json writes in place of
// bytes that are no UTF-8. A character U+FFFD of the caller's stays as it is.
func replacesBytes(text string) bool {
	for {
		i := strings.IndexByte(text, '\\')
		if i < 0 || i+1 >= len(text) {
			return false
		}
		if strings.HasPrefix(text[i:], `\ufffd`) {
			return true
		}
		text = text[i+2:]
	}
}

// jsonWord is the argument that holds a value as JSON text.
func jsonWord(v any) (t tail) {
	text, err := jsonText(v)
	t.err = err
	t.add(text)
	return t
}

// jsonWords is a list of them that the command needs at least one of.
func jsonWords(list []any) (t tail) {
	if len(list) == 0 {
		t.refuse("needs at least one value")
	}
	for _, v := range list {
		t.addTail(jsonWord(v))
	}
	return t
}

func (t *tail) addTail(more tail) {
	t.add(more.words...)
	if t.err == nil {
		t.err = more.err
	}
}

// jsonObject is JSON text of an object in the making, its members in the order in
// which they were added: the same builder is the same request. It is a value: what
// is added to a copy is not in the original.
type jsonObject struct {
	members []string
	err     error
}

func (o jsonObject) with(name string, v any) jsonObject {
	text, err := jsonText(v)
	return o.withText(name, text, err)
}

// withText is with for a value that is JSON text already, or an error.
func (o jsonObject) withText(name, text string, err error) jsonObject {
	quoted, nameErr := jsonText(name)
	for _, err := range []error{nameErr, err} {
		if o.err == nil {
			o.err = err
		}
	}
	o.members = append(slices.Clip(o.members), quoted+":"+text)
	return o
}

func (o jsonObject) text() (string, error) {
	return "{" + strings.Join(o.members, ",") + "}", o.err
}
