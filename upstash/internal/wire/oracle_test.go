package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// oracle reads replies in plain format with the lexer of encoding/json: slow,
// and not written by us. It says what a body means and whether it means anything.
type oracle struct {
	tokens *json.Decoder
	depth  int
}

var errRefused = errors.New("refused")

func single(body []byte) (any, error) {
	if !json.Valid(body) {
		return nil, errRefused
	}
	o := newOracle(body, -1)
	if !o.opens('{') {
		return nil, errRefused
	}
	return o.envelope()
}

// batch returns the results as a list, or the error that refuses the whole.
func batch(body []byte, want int) (any, error) {
	if !json.Valid(body) {
		return nil, errRefused
	}
	if v, err := newOracle(body, -2).whole(); err == nil {
		return v, nil
	}
	o := newOracle(body, -2)
	if !o.opens('[') {
		return nil, errRefused
	}
	list := []any{}
	for o.tokens.More() {
		if !o.opens('{') {
			return nil, errRefused
		}
		v, err := o.envelope()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if len(list) != want {
		return nil, errRefused
	}
	return list, nil
}

func newOracle(body []byte, depth int) *oracle {
	o := &oracle{tokens: json.NewDecoder(bytes.NewReader(body)), depth: depth}
	o.tokens.UseNumber()
	return o
}

func (o *oracle) next() json.Token {
	token, _ := o.tokens.Token() // the body is valid
	return token
}

func (o *oracle) opens(d json.Delim) bool {
	o.depth++
	return o.next() == d
}

func (o *oracle) whole() (any, error) {
	if !o.opens('{') {
		return nil, errRefused
	}
	v, err := o.envelope()
	if _, failed := v.(failure); !failed {
		err = errRefused
	}
	return v, err
}

func (o *oracle) envelope() (any, error) {
	seen := map[json.Token]any{}
	for o.tokens.More() {
		name := o.next()
		var v any
		var err error
		switch name {
		case "result":
			v, err = o.value(o.next())
		case "error":
			switch text := o.next().(type) {
			case string:
				v = failure(text)
			case nil:
			default:
				err = errRefused
			}
		default:
			if !o.skip(o.next()) {
				err = errRefused
			}
			name = nil
		}
		if _, twice := seen[name]; err != nil || twice && name != nil {
			return nil, errRefused
		}
		seen[name] = v
	}
	o.next()
	o.depth--
	result, hasResult := seen["result"]
	switch text := seen["error"]; {
	case text != nil && result == nil:
		return text, nil
	case text == nil && hasResult:
		return result, nil
	}
	return nil, errRefused
}

func (o *oracle) value(token json.Token) (any, error) {
	switch t := token.(type) {
	case string:
		return t, nil
	case nil:
		return nil, nil
	case json.Number:
		n, err := strconv.ParseInt(t.String(), 10, 64)
		return n, err
	case json.Delim:
		if o.depth++; t != '[' || o.depth > wire.MaxDepth {
			return nil, errRefused
		}
		list := []any{}
		for o.tokens.More() {
			v, err := o.item()
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		o.next()
		o.depth--
		return list, nil
	}
	return nil, errRefused
}

func (o *oracle) item() (any, error) {
	token := o.next()
	if token != json.Delim('{') {
		return o.value(token)
	}
	if o.depth++; o.depth > wire.MaxDepth {
		return nil, errRefused
	}
	v, err := o.envelope()
	if _, failed := v.(failure); !failed {
		err = errRefused
	}
	return v, err
}

func (o *oracle) skip(token json.Token) bool {
	if _, opens := token.(json.Delim); !opens {
		return true
	}
	if o.depth++; o.depth > wire.MaxDepth {
		return false
	}
	for o.tokens.More() {
		if !o.skip(o.next()) {
			return false
		}
	}
	o.next()
	o.depth--
	return true
}
