package luascript

import "fmt"

// What an expression can be used for.
type exprKind int

const (
	exprValue exprKind = iota
	exprVariable
	exprCall
)

func (p *parser) expressionStatement() {
	switch p.primary() {
	case exprCall:
		return
	case exprVariable:
		for n := 1; p.accept(","); n++ {
			if n >= maxSyntaxLevels {
				p.fail(p.line, fmt.Sprintf("function has more than %d variables in assignment", maxSyntaxLevels), "")
			}
			if p.primary() != exprVariable {
				p.wrong("syntax error")
			}
		}
		p.expect("=")
		p.expressions()
	case exprValue:
		p.wrong("syntax error")
	}
}

func (p *parser) expressions() {
	for p.expression(); p.accept(","); {
		p.expression()
	}
}

func (p *parser) expression() { p.subexpression(0) }

// Priorities of binary operators, left and right.
var priorities = map[string][2]int{
	"+": {6, 6}, "-": {6, 6}, "*": {7, 7}, "/": {7, 7}, "%": {7, 7}, "^": {10, 9}, "..": {5, 4},
	"~=": {3, 3}, "==": {3, 3}, "<": {3, 3}, "<=": {3, 3}, ">": {3, 3}, ">=": {3, 3}, "and": {2, 2}, "or": {1, 1},
}

const unaryPriority = 8

func (p *parser) subexpression(limit int) {
	p.enter()
	switch p.token.kind {
	case "not", "-", "#":
		p.next()
		p.subexpression(unaryPriority)
	default:
		p.simple()
	}
	for {
		priority, ok := priorities[p.token.kind]
		if !ok || priority[0] <= limit {
			break
		}
		p.next()
		p.subexpression(priority[1])
	}
	p.leave()
}

func (p *parser) simple() {
	switch p.token.kind {
	case tokNumber, tokString, "nil", "true", "false":
		p.next()
	case "...":
		if !p.fn.vararg {
			p.wrong("cannot use '...' outside a vararg function")
		}
		p.next()
	case "{":
		p.table()
	case "function":
		line := p.line
		p.next()
		p.functionBody(line)
	default:
		p.primary()
	}
}

func (p *parser) prefix() exprKind {
	switch {
	case p.accept(tokName):
		return exprVariable
	case p.is("("):
		line := p.line
		p.next()
		p.expression()
		p.expectMatch(")", "(", line)
		return exprValue
	}
	p.wrong("unexpected symbol")
	return exprValue
}

func (p *parser) primary() exprKind {
	kind := p.prefix()
	for {
		switch p.token.kind {
		case ".":
			p.next()
			p.name()
			kind = exprVariable
		case "[":
			p.next()
			p.expression()
			p.expect("]")
			kind = exprVariable
		case ":":
			p.next()
			p.name()
			p.arguments()
			kind = exprCall
		case "(", tokString, "{":
			p.arguments()
			kind = exprCall
		default:
			return kind
		}
	}
}

func (p *parser) arguments() {
	line := p.line
	switch p.token.kind {
	case "(":
		if p.token.line != p.lastLine {
			p.wrong("ambiguous syntax (function call x new statement)")
		}
		p.next()
		if !p.is(")") {
			p.expressions()
		}
		p.expectMatch(")", "(", line)
	case "{":
		p.table()
	case tokString:
		p.next()
	default:
		p.wrong("function arguments expected")
	}
}

func (p *parser) table() {
	line := p.line
	p.expect("{")
	for !p.is("}") {
		switch {
		case p.is("["):
			p.next()
			p.expression()
			p.expect("]")
			p.expect("=")
			p.expression()
		case p.is(tokName) && p.peek().kind == "=":
			p.next()
			p.next()
			p.expression()
		default:
			p.expression()
		}
		if !p.accept(",") && !p.accept(";") {
			break
		}
	}
	p.expectMatch("}", "{", line)
}

func (p *parser) functionBody(line int) {
	p.fn = &functionScope{outer: p.fn, line: line}
	p.expect("(")
	for !p.is(")") {
		if p.accept("...") {
			p.fn.vararg = true
			break
		}
		if !p.is(tokName) {
			p.wrong("<name> or '...' expected")
		}
		p.name()
		p.local(1)
		if !p.accept(",") {
			break
		}
		if p.is(")") {
			p.wrong("<name> or '...' expected")
		}
	}
	p.expect(")")
	p.block()
	p.expectMatch("end", "function", line)
	p.fn = p.fn.outer
}
