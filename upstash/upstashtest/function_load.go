package upstashtest

import (
	"context"
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/luascript"
)

// functionLoad takes [REPLACE] and code. What cannot be loaded changes nothing.
func (e *embedded) functionLoad(c *server.Peer, operands []string) {
	replace := len(operands) == 2
	if replace && !strings.EqualFold(operands[0], "REPLACE") {
		c.WriteError("ERR Unknown option given: " + operands[0])
		return
	}
	code := operands[len(operands)-1]
	name, problem := libraryName(code)
	i := e.libraryIndex(name)
	switch {
	case problem != "":
		c.WriteError(problem)
		return
	case i >= 0 && !replace:
		c.WriteError("ERR Library '" + name + "' already exists")
		return
	}
	library, err := luascript.CompileLibrary(context.Background(), code, luascript.Options{Timeout: e.scriptTimeout})
	if err != nil {
		c.WriteError(err.Error())
		return
	}
	for _, f := range library.Functions() {
		if other, _, known := e.functionNamed(f.Name); known && other.name != name {
			c.WriteError("ERR Function " + f.Name + " already exists")
			return
		}
	}
	loaded := functionLibrary{name, code, library}
	if i >= 0 {
		e.libraries[i] = loaded
	} else {
		e.libraries = append(slices.Clip(e.libraries), loaded)
	}
	c.WriteBulk(name)
}

// libraryName reads a first line like "#!lua name=mylib". The problem is Redis's
// text.
func libraryName(code string) (name, problem string) {
	if !strings.HasPrefix(code, "#!") {
		return "", "ERR Missing library metadata"
	}
	line, _, complete := strings.Cut(code, "\n")
	if !complete {
		return "", "ERR Invalid library metadata"
	}
	words := strings.Fields(line)
	engine := strings.TrimPrefix(words[0], "#!")
	named := false
	for _, option := range words[1:] {
		value, isName := strings.CutPrefix(option, "name=")
		switch {
		case !isName:
			return "", "ERR Invalid metadata value given: " + option
		case named:
			return "", "ERR Invalid metadata value, name argument was given multiple times"
		}
		name, named = value, true
	}
	switch {
	case !named:
		return "", "ERR Library name was not given"
	case !luascript.IsFunctionName(name):
		return "", msgLibraryName
	case !strings.EqualFold(engine, "lua"):
		return "", "ERR Engine '" + engine + "' not found"
	}
	return name, ""
}
