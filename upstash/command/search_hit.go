package command

import (
	"math"
	"strconv"
)

// SearchHit is a document that a query found.
type SearchHit struct {
	Key string // or the ID of a stream's entry
	// Score is how well the document matches. With OrderBy it is the value of that
	// field, or NaN where that is no number.
	Score float64
	// ScoreText is the score as it came, with all digits of an integer to sort by.
	ScoreText string
	// Fields are the content. A whole JSON document is one field, "$", of JSON text.
	// A selected field that the document does not have is left out.
	Fields []Pair
}

func (r Reply) searchHits() ([]SearchHit, error) {
	items, err := r.Array()
	if err != nil {
		return nil, err
	}
	hits := make([]SearchHit, len(items))
	for i, item := range items {
		if hits[i], err = inside(item, Reply.searchHit); err != nil {
			return nil, err
		}
	}
	return hits, nil
}

// searchHit decodes [key, score] or [key, score, [[field, value] ...]].
func (r Reply) searchHit() (h SearchHit, err error) {
	parts, err := r.Array()
	if err != nil {
		return h, err
	}
	if len(parts) < 2 {
		return h, r.mismatch("a key and a score")
	}
	if h.Key, err = inside(parts[0], Reply.Text); err != nil {
		return h, err
	}
	text, isScalar := parts[1].scalar()
	if !isScalar {
		return h, parts[1].mismatch("a score")
	}
	h.ScoreText = text
	if h.Score, err = strconv.ParseFloat(text, 64); err != nil {
		h.Score = math.NaN()
	}
	if len(parts) == 2 {
		return h, nil
	}
	fields, err := each(parts[2], Reply.Array)
	if err != nil {
		return h, err
	}
	for _, field := range fields {
		if len(field) != 2 {
			return h, parts[2].mismatch("pairs of a field and its value")
		}
		name, err := inside(field[0], Reply.Text)
		if err != nil {
			return h, err
		}
		value, isScalar := field[1].scalar()
		switch {
		case isScalar:
			h.Fields = append(h.Fields, Pair{Key: name, Value: value})
		case !field[1].IsNil():
			return h, field[1].mismatch("a value inside the list")
		}
	}
	return h, nil
}

// scalar is the text of a string or an integer.
func (r Reply) scalar() (string, bool) {
	switch r.kind {
	case KindText:
		return r.text, true
	case KindInt:
		return strconv.FormatInt(r.num, 10), true
	}
	return "", false
}

// SearchDocument is a [SearchHit] whose document was read as a T.
type SearchDocument[T any] struct {
	Key   string
	Score float64
	Value T
}

// SearchJSON reads the whole documents that c returns as JSON: those of an index of
// [SearchJSONs] or [SearchStrings], without Select and NoContent. A document that is
// not a T is a [*DecodeError].
func SearchJSON[T any](c Cmd[[]SearchHit]) Cmd[[]SearchDocument[T]] {
	document := JSON[T](Cmd[string]{decode: Reply.Text})
	return Map(c, func(hits []SearchHit) ([]SearchDocument[T], error) {
		documents := make([]SearchDocument[T], len(hits))
		for i, h := range hits {
			if len(h.Fields) != 1 || h.Fields[0].Key != "$" {
				return nil, &DecodeError{Want: "whole documents", Got: "fields of them"}
			}
			v, err := document.Decode(TextReply(h.Fields[0].Value))
			if err != nil {
				return nil, err
			}
			documents[i] = SearchDocument[T]{Key: h.Key, Score: h.Score, Value: v}
		}
		return documents, nil
	})
}
