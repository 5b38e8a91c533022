package luascript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// hints are the operations of a chunk by line. When an error could come from
// one of them only, its message names what Lua names.
type hints map[int][]hint

type hint struct {
	op operation
	// key is the constant key of an index.
	key string
	// name is the value operated on, like "local 'x'", or nothing.
	name string
}

// maxHints is how many operations of one line are looked through.
const maxHints = 64

type operation int

const (
	opIndex operation = iota
	opCall
	opArith // first operand
	opArithRight
	opMinus
	opLength
)

func (w *rewriter) note(line int, h hint) {
	if len(w.hints[line]) < maxHints && !slices.Contains(w.hints[line], h) {
		w.hints[line] = append(w.hints[line], h)
	}
}

// describe says what Lua calls the value of an expression.
func (w *rewriter) describe(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.IdentExpr:
		return fmt.Sprintf("%s '%s'", w.fn.kind(e.Value), e.Value)
	case *ast.AttrGetExpr:
		key := constantKey(e.Key)
		if key == "" {
			key = "?"
		}
		return fmt.Sprintf("field '%s'", strings.ReplaceAll(key, "\n", " "))
	}
	return ""
}

func constantKey(expr ast.Expr) string {
	if s, ok := expr.(*ast.StringExpr); ok {
		return s.Value
	}
	return ""
}

// hintKey tells operations on one line apart: also by a constant number.
func hintKey(expr ast.Expr) string {
	if n, ok := expr.(*ast.NumberExpr); ok {
		if f, ok := parseNumber(n.Value); ok {
			return formatNumber(f)
		}
	}
	return constantKey(expr)
}

func (s *scope) kind(name string) string {
	if slices.Contains(s.names, name) {
		return "local"
	}
	for outer := s.outer; outer != nil; outer = outer.outer {
		if slices.Contains(outer.names, name) {
			return "upvalue"
		}
	}
	return "global"
}

// name returns what the operation on a line names, when only one fits.
func (h hints) name(line int, op operation, key string) string {
	if len(h[line]) >= maxHints {
		return ""
	}
	name, n := "", 0
	for _, candidate := range h[line] {
		if candidate.op != op || candidate.key != key && key != "" && candidate.key != "" || isLibraryFunction(candidate) {
			continue
		}
		name = candidate.name
		n++
	}
	if n != 1 {
		return ""
	}
	return name
}

// isLibraryFunction tells of a call that it cannot be the one that failed.
func isLibraryFunction(h hint) bool {
	name, global := strings.CutPrefix(h.name, "global '")
	if h.op != opCall || !global {
		name, _ = strings.CutPrefix(h.name, "field '")
		return h.op == opCall && slices.Contains([]string{"call'", "pcall'"}, name)
	}
	_, isFunction := libraries().globals.RawGetString(strings.TrimSuffix(name, "'")).(*lua.LFunction)
	return isFunction
}

// wording puts the interpreter's messages into the words of Lua 5.1.
func (r *run) wording(object lua.LValue) lua.LValue {
	text, ok := object.(lua.LString)
	if !ok {
		return object
	}
	at, message, line := splitPosition(string(text))
	var known hints
	if strings.HasPrefix(at, chunkName+":") || strings.HasPrefix(at, libraryChunkName+":") {
		known = r.program.chunk.hints
	}
	return lua.LString(at + reword(message, line, known))
}

// splitPosition splits "source:1: message".
func splitPosition(text string) (at, message string, line int) {
	head, message, ok := strings.Cut(text, ": ")
	colon := strings.LastIndexByte(head, ':')
	if !ok || colon < 0 {
		return "", strings.TrimPrefix(text, " "), 0
	}
	line, err := strconv.Atoi(head[colon+1:])
	if err != nil {
		return "", text, 0
	}
	return head + ": ", message, line
}

// reword has to do with what is left to the interpreter: operations on tables.
// Those on other values are in operators.go.
func reword(message string, line int, known hints) string {
	if text, ok := fixedWords[message]; ok {
		return text
	}
	switch rest, found := strings.CutPrefix(message, "attempt to compare "); {
	case found:
		if left, right, _ := strings.Cut(rest, " with "); left == right {
			return "attempt to compare two " + left + " values"
		}
	case message == "attempt to call a non-function object":
		return typeError("call", known.name(line, opCall, ""), "table")
	case message == "__unm undefined":
		return typeError("perform arithmetic on", known.name(line, opMinus, ""), "table")
	case strings.HasPrefix(message, "cannot perform "):
		return typeError("perform arithmetic on", known.name(line, opArith, ""), "table")
	}
	return message
}

func typeError(operation, name, kind string) string {
	if name == "" {
		return fmt.Sprintf("attempt to %s a %s value", operation, kind)
	}
	return fmt.Sprintf("attempt to %s %s (a %s value)", operation, name, kind)
}

var fixedWords = map[string]string{
	"can not yield from outside of a coroutine": "attempt to yield across metamethod/C-call boundary",
	"for statement init must be a number":       "'for' initial value must be a number",
	"for statement limit must be a number":      "'for' limit must be a number",
	"for statement step must be a number":       "'for' step must be a number",
	"lua callstack overflow":                    "stack overflow",
	"registry overflow":                         "stack overflow",
	"too many recursions in gettable":           "loop in gettable",
	"too many recursions in settable":           "loop in settable",
}
