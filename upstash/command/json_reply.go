package command

import (
	"encoding/json"
	"strings"
)

// storedJSON decodes "OK"; nil says that the path led nowhere.
func (r Reply) storedJSON() (OK, error) {
	if r.kind == KindNil {
		return OK{}, ErrNil
	}
	return r.Status()
}

// perMatch decodes one item for each match of a path. The bare value that is the
// reply to a legacy path becomes the only item.
func perMatch[T any](r Reply, decode func(Reply) (T, error)) ([]Null[T], error) {
	switch r.kind {
	case KindArray:
		return each(r, func(item Reply) (Null[T], error) { return null(item, decode) })
	case KindNil:
		return nil, ErrNil
	}
	v, err := decode(r)
	if err != nil {
		return nil, err
	}
	return []Null[T]{{V: v, Valid: true}}, nil
}

func (r Reply) jsonInts() ([]Null[int64], error) { return perMatch(r, Reply.Int) }

func (r Reply) jsonTexts() ([]Null[string], error) { return perMatch(r, Reply.Text) }

// jsonBools decodes the new values of JSON.TOGGLE: a legacy path answers in words.
func (r Reply) jsonBools() ([]Null[bool], error) {
	return perMatch(r, func(item Reply) (bool, error) {
		if item.kind == KindText && (item.text == "true" || item.text == "false") {
			return item.text == "true", nil
		}
		return item.Bool()
	})
}

// jsonSizes decodes the sizes of JSON.DEBUG MEMORY, none of which is absent.
func (r Reply) jsonSizes() ([]int64, error) {
	switch r.kind {
	case KindArray:
		return r.Ints()
	case KindNil:
		return nil, ErrNil
	}
	n, err := r.Int()
	if err != nil {
		return nil, err
	}
	return []int64{n}, nil
}

// jsonNames decodes the names of the members of each match. The flat list that is
// the reply to a legacy path becomes the only item.
func (r Reply) jsonNames() ([]Null[[]string], error) {
	if r.kind == KindArray && len(r.items) > 0 && r.items[0].kind == KindText {
		names, err := r.Texts()
		if err != nil {
			return nil, err
		}
		return []Null[[]string]{{V: names, Valid: true}}, nil
	}
	return perMatch(r, Reply.Texts)
}

// JSONNumber is a number of a JSON document with all of its digits.
type JSONNumber = json.Number

// jsonNumbers decodes JSON text: an array with null where a match is no number,
// or the bare number that is the reply to a legacy path.
func (r Reply) jsonNumbers() ([]Null[JSONNumber], error) {
	text, err := r.Text()
	if err != nil {
		return nil, err
	}
	list := make([]*json.Number, 1)
	target := any(&list)
	if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "[") {
		target = &list[0]
	}
	if err := json.Unmarshal([]byte(text), target); err != nil {
		return nil, &DecodeError{Want: "JSON text of numbers", Got: r.String(), err: err}
	}
	numbers := make([]Null[JSONNumber], len(list))
	for i, n := range list {
		if n != nil {
			numbers[i] = Null[JSONNumber]{V: *n, Valid: true}
		}
	}
	return numbers, nil
}
