package luascript

import (
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// concat turns a .. b .. c into (concat)("names", a, b, c).
func (w *rewriter) concat(e *ast.StringConcatOpExpr) ast.Expr {
	var operands []ast.Expr
	for rest := ast.Expr(e); rest != nil; {
		op, more := rest.(*ast.StringConcatOpExpr)
		if !more {
			operands = append(operands, rest)
			break
		}
		operands = append(operands, op.Lhs)
		rest = op.Rhs
	}
	names := make([]string, len(operands))
	for i, operand := range operands {
		names[i] = w.describe(operand)
		operands[i] = single(w.expr(operand))
	}
	return concatCall(e, names, operands)
}

func concatCall(at ast.Expr, names []string, operands []ast.Expr) ast.Expr {
	if len(operands) > maxOperands {
		rest := concatCall(at, names[maxOperands-1:], operands[maxOperands-1:])
		names = append(names[:maxOperands-1:maxOperands-1], "")
		operands = append(operands[:maxOperands-1:maxOperands-1], rest)
	}
	text := &ast.StringExpr{Value: strings.Join(names, "\n")}
	text.SetLine(at.Line())
	text.SetLastLine(at.LastLine())
	return helperCall(at, concatName, append([]ast.Expr{text}, operands...))
}

// helperCall calls a helper in the place of an expression.
func helperCall(at ast.Expr, name string, args []ast.Expr) ast.Expr {
	helper := &ast.IdentExpr{Value: name}
	call := &ast.FuncCallExpr{Func: helper, Args: args, AdjustRet: true}
	for _, expr := range [...]ast.Expr{helper, call} {
		expr.SetLine(at.Line())
		expr.SetLastLine(at.LastLine())
	}
	return call
}

// checkedKey turns the key of t[key] = value into (key)(key), unless it is none
// that could be far beyond the end of an array.
func checkedKey(key ast.Expr) ast.Expr {
	switch e := key.(type) {
	case nil, *ast.StringExpr, *ast.TrueExpr, *ast.FalseExpr:
		return key
	case *ast.NumberExpr:
		if f, ok := parseNumber(e.Value); ok && f < farIndex {
			return key
		}
	case *ast.ArithmeticOpExpr: // #t + 1
		_, length := e.Lhs.(*ast.UnaryLenOpExpr)
		if n, ok := e.Rhs.(*ast.NumberExpr); ok && length {
			if f, ok := parseNumber(n.Value); ok && f < farIndex {
				return key
			}
		}
	}
	return helperCall(key, keyName, []ast.Expr{single(key)})
}

// single makes an operand one value, wherever it stands.
func single(expr ast.Expr) ast.Expr {
	switch e := expr.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
	return expr
}
