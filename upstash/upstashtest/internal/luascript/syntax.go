package luascript

import "fmt"

// Limits of Lua 5.1.
const (
	maxSyntaxLevels = 200
	maxLocals       = 200
)

// checkSyntax parses a chunk like lparser.c, for the errors alone: the
// interpreter's parser accepts more than Lua 5.1, words its errors otherwise,
// and has no limit on nesting.
func checkSyntax(source, name string) (err error) {
	defer func() {
		switch rcv := recover().(type) {
		case nil:
		case syntaxError:
			err = rcv
		default:
			panic(rcv)
		}
	}()
	p := &parser{lexer: lexer{name: name, src: source, line: 1}}
	p.fn = &functionScope{vararg: true}
	p.next()
	p.block()
	p.expect(tokEOF)
	return nil
}

type parser struct {
	lexer
	fn    *functionScope
	level int
}

type functionScope struct {
	outer  *functionScope
	vararg bool
	loops  int
	locals int
	line   int
}

func (p *parser) is(kind string) bool { return p.token.kind == kind }

func (p *parser) accept(kind string) bool {
	if !p.is(kind) {
		return false
	}
	p.next()
	return true
}

func (p *parser) expect(kind string) {
	if !p.accept(kind) {
		p.wrong("'" + kind + "' expected")
	}
}

// expectMatch expects what closes something that was opened on another line.
func (p *parser) expectMatch(kind, opened string, line int) {
	if p.is(kind) || line == p.line {
		p.expect(kind)
		return
	}
	p.wrong(fmt.Sprintf("'%s' expected (to close '%s' at line %d)", kind, opened, line))
}

func (p *parser) wrong(message string) { p.fail(p.line, message, p.token.text) }

func (p *parser) enter() {
	if p.level++; p.level > maxSyntaxLevels {
		p.fail(p.line, "chunk has too many syntax levels", "")
	}
}

func (p *parser) leave() { p.level-- }

func (p *parser) local(n int) {
	if p.fn.locals += n; p.fn.locals > maxLocals {
		where := "main function"
		if p.fn.outer != nil {
			where = fmt.Sprintf("function at line %d", p.fn.line)
		}
		p.fail(p.line, fmt.Sprintf("%s has more than %d local variables", where, maxLocals), "")
	}
}

func (p *parser) blockEnds() bool {
	switch p.token.kind {
	case "else", "elseif", "end", "until", tokEOF:
		return true
	}
	return false
}

func (p *parser) block() {
	locals := p.fn.locals
	p.enter()
	for last := false; !last && !p.blockEnds(); {
		last = p.statement()
		p.accept(";")
	}
	p.leave()
	p.fn.locals = locals
}

func (p *parser) statement() (last bool) {
	line := p.line
	switch p.token.kind {
	case "if":
		p.ifStatement(line)
	case "while":
		p.next()
		p.expression()
		p.expect("do")
		p.loop()
		p.expectMatch("end", "while", line)
	case "do":
		p.next()
		p.block()
		p.expectMatch("end", "do", line)
	case "for":
		p.forStatement(line)
	case "repeat":
		p.next()
		p.loop()
		p.expectMatch("until", "repeat", line)
		p.expression()
	case "function":
		p.functionStatement(line)
	case "local":
		p.next()
		p.localStatement()
	case "return":
		p.next()
		if !p.blockEnds() && !p.is(";") {
			p.expressions()
		}
		return true
	case "break":
		p.next()
		if p.fn.loops == 0 {
			p.wrong("no loop to break")
		}
		return true
	default:
		p.expressionStatement()
	}
	return false
}

func (p *parser) loop() {
	p.fn.loops++
	p.block()
	p.fn.loops--
}

func (p *parser) ifStatement(line int) {
	for again := true; again; again = p.is("elseif") {
		p.next()
		p.expression()
		p.expect("then")
		p.block()
	}
	if p.accept("else") {
		p.block()
	}
	p.expectMatch("end", "if", line)
}

func (p *parser) forStatement(line int) {
	locals := p.fn.locals
	p.next()
	p.name()
	switch {
	case p.accept("="):
		p.expression()
		p.expect(",")
		p.expression()
		if p.accept(",") {
			p.expression()
		}
		p.local(4)
	case p.is(","), p.is("in"):
		p.local(4)
		for p.accept(",") {
			p.name()
			p.local(1)
		}
		p.expect("in")
		p.expressions()
	default:
		p.wrong("'=' or 'in' expected")
	}
	p.expect("do")
	p.loop()
	p.expectMatch("end", "for", line)
	p.fn.locals = locals
}

func (p *parser) functionStatement(line int) {
	p.next()
	p.name()
	for p.accept(".") {
		p.name()
	}
	if p.accept(":") {
		p.name()
	}
	p.functionBody(line)
}

func (p *parser) localStatement() {
	line := p.line
	if p.accept("function") {
		p.name()
		p.local(1)
		p.functionBody(line)
		return
	}
	n := 1
	for p.name(); p.accept(","); p.name() {
		n++
	}
	if p.accept("=") {
		p.expressions()
	}
	p.local(n)
}

func (p *parser) name() {
	if !p.accept(tokName) {
		p.wrong("'<name>' expected")
	}
}
