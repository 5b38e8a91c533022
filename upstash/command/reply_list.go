package command

import "errors"

// Array decodes a list; nil is [ErrNil]. The items are shared with the reply:
// do not change them.
func (r Reply) Array() ([]Reply, error) {
	switch r.kind {
	case KindArray:
		return r.items, nil
	case KindNil:
		return nil, ErrNil
	}
	return nil, r.mismatch("array")
}

// Texts decodes a list of strings, none of them absent. A nil list is empty.
func (r Reply) Texts() ([]string, error) { return each(r, Reply.Text) }

// NullTexts decodes a list of strings that may be absent. A nil list is empty.
func (r Reply) NullTexts() ([]Null[string], error) { return each(r, Reply.NullText) }

// Ints decodes a list of integers. A nil list is empty.
func (r Reply) Ints() ([]int64, error) { return each(r, Reply.Int) }

// Bools decodes a list of 1 and 0. A nil list is empty.
func (r Reply) Bools() ([]bool, error) { return each(r, Reply.Bool) }

// NullFloats decodes a list of numbers that may be absent. A nil list is empty.
func (r Reply) NullFloats() ([]Null[float64], error) { return each(r, Reply.NullFloat) }

// TextMap decodes flat pairs (field, value, field, value ...). A nil list is
// an empty map.
func (r Reply) TextMap() (map[string]string, error) {
	pairs, err := r.Pairs()
	if err != nil {
		return nil, err
	}
	m := make(map[string]string, len(pairs))
	for _, p := range pairs {
		m[p.Key] = p.Value
	}
	return m, nil
}

// Pair is one entry of a list of pairs.
type Pair struct {
	Key   string
	Value string
}

// Pairs decodes flat pairs in the order of the reply. A nil list is empty.
func (r Reply) Pairs() ([]Pair, error) {
	return pairs(r, func(key string, value Reply) (Pair, error) {
		text, err := inside(value, Reply.Text)
		return Pair{Key: key, Value: text}, err
	})
}

// inside decodes one item of a list. A nil there must not read as [ErrNil],
// which says that the whole reply is absent.
func inside[T any](item Reply, decode func(Reply) (T, error)) (T, error) {
	v, err := decode(item)
	if errors.Is(err, ErrNil) {
		err = item.mismatch("a value inside the list")
	}
	return v, err
}

func each[T any](r Reply, decode func(Reply) (T, error)) ([]T, error) {
	if r.kind == KindNil {
		return []T{}, nil
	}
	items, err := r.Array()
	if err != nil {
		return nil, err
	}
	list := make([]T, len(items))
	for i, item := range items {
		if list[i], err = inside(item, decode); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func pairs[T any](r Reply, decode func(key string, value Reply) (T, error)) ([]T, error) {
	if r.kind == KindNil {
		return []T{}, nil
	}
	items, err := r.Array()
	if err != nil {
		return nil, err
	}
	if len(items)%2 != 0 {
		return nil, r.mismatch("flat pairs")
	}
	list := make([]T, len(items)/2)
	for i := range list {
		key, err := inside(items[2*i], Reply.Text)
		if err != nil {
			return nil, err
		}
		if list[i], err = decode(key, items[2*i+1]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
