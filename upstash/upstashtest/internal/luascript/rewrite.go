package luascript

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// rewrite prepares the tree of a chunk for the interpreter:
//
//   - a concatenation becomes a call of a helper, because the interpreter writes
//     numbers in its own way and lets a string grow without limit;
//   - a key that is assigned to goes through another helper, because the
//     interpreter fills an array up to it, however far that is;
//   - a number becomes plain decimal, because it reads 010 as octal;
//   - and what an error message names is noted by line, because the interpreter
//     does not name it.
//
// The helpers are local variables of a function around the chunk, with names
// that no script can write.
func rewrite(stmts []ast.Stmt, name string) ([]ast.Stmt, hints, error) {
	w := &rewriter{hints: hints{}, fn: &scope{}}
	w.block(stmts)
	switch {
	case w.work > maxConstantWork:
		return nil, nil, errors.New(name + ":1: constant table overflow")
	case w.stop:
		return nil, nil, errors.New(name + ":1: chunk has too many syntax levels")
	}
	body := &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: w.fn.vararg}, Stmts: stmts}
	last := 1
	if len(stmts) > 0 {
		last = max(stmts[len(stmts)-1].LastLine(), stmts[len(stmts)-1].Line(), 1)
	}
	body.SetLine(1)
	body.SetLastLine(last)
	helper := &ast.LocalAssignStmt{Names: []string{concatName, keyName}, Exprs: []ast.Expr{&ast.Comma3Expr{}}}
	ret := &ast.ReturnStmt{Exprs: []ast.Expr{body}}
	for _, stmt := range [...]ast.Stmt{helper, ret} {
		stmt.SetLine(1)
		stmt.SetLastLine(last)
	}
	return []ast.Stmt{helper, ret}, w.hints, nil
}

const (
	concatName = "(concat)"
	keyName    = "(key)"

	// maxTreeDepth bounds the recursion over a tree: here, and in the
	// interpreter's compiler.
	maxTreeDepth = 5000

	// maxConstantWork bounds the time of the interpreter's compiler, which
	// looks through all constants of a function for each one it meets.
	maxConstantWork = 1e8

	// maxOperands is how many operands of a concatenation one call takes, for
	// each needs a register.
	maxOperands = 40
)

type rewriter struct {
	hints hints
	fn    *scope
	depth int
	stop  bool // there is an error
	work  int
}

// A scope holds the local variables of a function that are visible.
type scope struct {
	outer  *scope
	names  []string
	vararg bool // uses "..."

	constants map[string]bool
}

// constant counts a constant of the function.
func (w *rewriter) constant(text string) {
	if w.fn.constants == nil {
		w.fn.constants = map[string]bool{}
	}
	w.fn.constants[text] = true
	if w.work += len(w.fn.constants); w.work > maxConstantWork {
		w.stop = true
	}
}

func (w *rewriter) declare(names ...string) { w.fn.names = append(w.fn.names, names...) }

// block rewrites statements; what they declare goes out of scope at the end.
func (w *rewriter) block(stmts []ast.Stmt) {
	visible := len(w.fn.names)
	for _, stmt := range stmts {
		w.stmt(stmt)
	}
	w.fn.names = w.fn.names[:visible]
}

func (w *rewriter) deeper() bool {
	w.depth++
	w.stop = w.stop || w.depth > maxTreeDepth
	return !w.stop
}

func (w *rewriter) stmt(stmt ast.Stmt) {
	if w.deeper() {
		w.anyStmt(stmt)
	}
	w.depth--
}

func (w *rewriter) anyStmt(stmt ast.Stmt) {
	switch s := stmt.(type) {
	case *ast.AssignStmt:
		w.exprs(s.Rhs)
		w.exprs(s.Lhs)
		for _, target := range s.Lhs {
			if index, ok := target.(*ast.AttrGetExpr); ok {
				index.Key = checkedKey(index.Key)
			}
		}
	case *ast.LocalAssignStmt:
		// "local function f" is told by its value: it may call itself.
		_, isFunction := last(s.Exprs).(*ast.FunctionExpr)
		if isFunction && len(s.Names) == 1 {
			w.declare(s.Names...)
			w.exprs(s.Exprs)
			return
		}
		w.exprs(s.Exprs)
		w.declare(s.Names...)
	case *ast.FuncCallStmt:
		s.Expr = w.expr(s.Expr)
	case *ast.DoBlockStmt:
		w.block(s.Stmts)
	case *ast.WhileStmt:
		s.Condition = w.expr(s.Condition)
		w.block(s.Stmts)
	case *ast.RepeatStmt:
		w.block(s.Stmts)
		s.Condition = w.expr(s.Condition)
	case *ast.IfStmt:
		s.Condition = w.expr(s.Condition)
		w.block(s.Then)
		w.block(s.Else)
	case *ast.NumberForStmt:
		s.Init, s.Limit, s.Step = w.expr(s.Init), w.expr(s.Limit), w.expr(s.Step)
		w.loop([]string{s.Name}, s.Stmts)
	case *ast.GenericForStmt:
		w.exprs(s.Exprs)
		w.loop(s.Names, s.Stmts)
	case *ast.FuncDefStmt:
		s.Name.Func, s.Name.Receiver = w.expr(s.Name.Func), w.expr(s.Name.Receiver)
		if s.Name.Method != "" {
			w.function(s.Func, "self")
			return
		}
		w.function(s.Func)
	case *ast.ReturnStmt:
		w.exprs(s.Exprs)
	}
}

func last(exprs []ast.Expr) ast.Expr {
	if len(exprs) == 0 {
		return nil
	}
	return exprs[len(exprs)-1]
}

func (w *rewriter) loop(names []string, stmts []ast.Stmt) {
	visible := len(w.fn.names)
	w.declare(names...)
	w.block(stmts)
	w.fn.names = w.fn.names[:visible]
}

func (w *rewriter) function(f *ast.FunctionExpr, extra ...string) {
	w.fn = &scope{outer: w.fn}
	w.declare(extra...)
	w.declare(f.ParList.Names...)
	w.block(f.Stmts)
	w.fn = w.fn.outer
}

func (w *rewriter) exprs(exprs []ast.Expr) {
	for i := range exprs {
		exprs[i] = w.expr(exprs[i])
	}
}

func (w *rewriter) expr(expr ast.Expr) ast.Expr {
	if w.deeper() {
		expr = w.anyExpr(expr)
	}
	w.depth--
	return expr
}

func (w *rewriter) anyExpr(expr ast.Expr) ast.Expr {
	switch e := expr.(type) {
	case *ast.StringExpr:
		w.constant(e.Value)
	case *ast.IdentExpr:
		w.constant(e.Value)
	case *ast.NumberExpr:
		w.constant(e.Value)
		if f, ok := parseNumber(e.Value); ok {
			e.Value = strconv.FormatFloat(f, 'g', -1, 64)
		}
	case *ast.Comma3Expr:
		w.fn.vararg = true
	case *ast.AttrGetExpr:
		w.note(e.Line(), hint{opIndex, hintKey(e.Key), w.describe(e.Object)})
		e.Object, e.Key = w.expr(e.Object), w.expr(e.Key)
	case *ast.TableExpr:
		for _, field := range e.Fields {
			field.Key, field.Value = checkedKey(w.expr(field.Key)), w.expr(field.Value)
		}
	case *ast.FuncCallExpr:
		if e.Method != "" {
			w.note(e.Line(), hint{opIndex, e.Method, w.describe(e.Receiver)})
			w.note(e.Line(), hint{opCall, "", fmt.Sprintf("method '%s'", e.Method)})
		} else {
			w.note(e.Line(), hint{opCall, "", w.describe(e.Func)})
		}
		e.Func, e.Receiver = w.expr(e.Func), w.expr(e.Receiver)
		w.exprs(e.Args)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = w.expr(e.Lhs), w.expr(e.Rhs)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = w.expr(e.Lhs), w.expr(e.Rhs)
	case *ast.StringConcatOpExpr:
		return w.concat(e)
	case *ast.ArithmeticOpExpr:
		w.note(e.Line(), hint{opArith, "", w.describe(e.Lhs)})
		w.note(e.Line(), hint{opArithRight, "", w.describe(e.Rhs)})
		e.Lhs, e.Rhs = w.expr(e.Lhs), w.expr(e.Rhs)
	case *ast.UnaryMinusOpExpr:
		w.note(e.Line(), hint{opMinus, "", w.describe(e.Expr)})
		e.Expr = w.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		e.Expr = w.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		w.note(e.Line(), hint{opLength, "", w.describe(e.Expr)})
		e.Expr = w.expr(e.Expr)
	case *ast.FunctionExpr:
		w.function(e)
	}
	return expr
}
