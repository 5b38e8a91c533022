package superjson

import (
	"strings"
	"unicode/utf8"
)

// A parser reads JSON as JavaScript does: the order of keys, twice the same
// key, halves of surrogate pairs. That is why it is not encoding/json.
type parser struct {
	text string
	at   int
	max  int // levels
}

// The levels of text. Annotations take two for one level of values.
const (
	documentDepth = maxDepth + 1
	metaDepth     = 2*maxDepth + 2
)

func parse(data []byte, depth int) (*node, error) {
	if !utf8.Valid(data) {
		at := 0
		for r, size := utf8.DecodeRune(data); r != utf8.RuneError || size != 1; r, size = utf8.DecodeRune(data[at:]) {
			at += size
		}
		return nil, &SyntaxError{Offset: at}
	}
	p := parser{text: string(data), max: depth}
	n, err := p.value(0)
	if err == nil && p.peek() != 0 || err == nil && p.at < len(p.text) {
		err = p.wrong()
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (p *parser) wrong() error { return &SyntaxError{Offset: p.at} }

// peek passes over white space and returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

func (p *parser) take(c byte) bool {
	if p.peek() != c || p.at == len(p.text) {
		return false
	}
	p.at++
	return true
}

func (p *parser) value(depth int) (*node, error) {
	c := p.peek()
	if depth >= p.max && (c == '[' || c == '{') {
		return nil, &LimitError{"levels of arrays and objects", maxDepth}
	}
	n := &node{start: p.at}
	var err error
	switch {
	case c == '{':
		err = p.object(n, depth)
	case c == '[':
		err = p.array(n, depth)
	case c == '"':
		n.kind = stringNode
		n.text, err = p.str()
	case c == '-' || '0' <= c && c <= '9':
		n.kind = numberNode
		n.text, err = p.number()
	default:
		err = p.word(n)
	}
	n.end = p.at
	return n, err
}

func (p *parser) word(n *node) error {
	for k, word := range []string{nullNode: "null", falseNode: "false", trueNode: "true"} {
		if strings.HasPrefix(p.text[p.at:], word) {
			n.kind = kind(k)
			p.at += len(word)
			return nil
		}
	}
	return p.wrong()
}

func (p *parser) array(n *node, depth int) error {
	n.kind = arrayNode
	p.at++
	if p.take(']') {
		return nil
	}
	for {
		kid, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.kids = append(n.kids, kid)
		if p.take(']') {
			return nil
		}
		if !p.take(',') {
			return p.wrong()
		}
	}
}

func (p *parser) object(n *node, depth int) error {
	n.kind = objectNode
	p.at++
	if p.take('}') {
		return nil
	}
	for {
		if p.peek() != '"' {
			return p.wrong()
		}
		key, err := p.str()
		if err != nil {
			return err
		}
		if !p.take(':') {
			return p.wrong()
		}
		most := p.max
		if depth == 0 && most == documentDepth && key == "meta" {
			p.max = metaDepth + 1
		}
		kid, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		p.max = most
		n.add(key, kid)
		if p.take('}') {
			p.order(n)
			return nil
		}
		if !p.take(',') {
			return p.wrong()
		}
	}
}

// order puts the members into the order of JavaScript.
func (p *parser) order(n *node) {
	order := jsOrder(n.keys)
	if order == nil {
		return
	}
	keys, kids := make([]string, len(order)), make([]*node, len(order))
	for to, from := range order {
		keys[to], kids[to] = n.keys[from], n.kids[from]
	}
	n.keys, n.kids = keys, kids
	if n.index != nil {
		n.reindex()
	}
}

func (p *parser) digits() bool {
	from := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > from
}

func (p *parser) skip(any string) bool {
	if p.at == len(p.text) || !strings.Contains(any, p.text[p.at:p.at+1]) {
		return false
	}
	p.at++
	return true
}

func (p *parser) number() (string, error) {
	from := p.at
	p.skip("-")
	if !p.skip("0") && !p.digits() {
		return "", p.wrong()
	}
	if p.skip(".") && !p.digits() {
		return "", p.wrong()
	}
	if p.skip("eE") {
		p.skip("+-")
		if !p.digits() {
			return "", p.wrong()
		}
	}
	return p.text[from:p.at], nil
}
