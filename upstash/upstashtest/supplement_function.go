package upstashtest

import (
	"context"
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/glob"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/luascript"
)

const (
	msgNoFunction     = "ERR Function not found"
	msgNoLibrary      = "ERR Library not found"
	msgBadKeyCount    = "ERR Bad number of keys provided"
	msgFunctionWrites = "ERR Can not execute a script with write flag using *_ro command."
	msgLibraryName    = "ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long"
)

// A functionLibrary is what FUNCTION LOAD loaded.
type functionLibrary struct {
	name, code string
	*luascript.Library
}

// functionNamed finds a function as Redis does, whatever the case of the letters.
func (e *embedded) functionNamed(name string) (l functionLibrary, f luascript.Function, known bool) {
	for _, l := range e.libraries {
		for _, f := range l.Functions() {
			if strings.EqualFold(f.Name, name) {
				return l, f, true
			}
		}
	}
	return l, f, false
}

func supplyFCall(e *embedded, c *server.Peer, args []string) bool { return e.fcall(c, args, false) }

func supplyFCallRO(e *embedded, c *server.Peer, args []string) bool { return e.fcall(c, args, true) }

func (e *embedded) fcall(c *server.Peer, args []string, readOnly bool) bool {
	library, function, known := e.functionNamed(args[0])
	if !known {
		c.WriteError(msgNoFunction)
		return true
	}
	rights := scriptRights{
		readOnly:     slices.Contains(function.Flags, flagNoWrites),
		declaredKeys: slices.Contains(function.Flags, flagKeyLocking),
	}
	keys, argv, problem := scriptArguments(args[1:])
	switch {
	case problem == msgNotInteger:
		c.WriteError(msgBadKeyCount)
	case problem != "":
		c.WriteError(problem)
	case readOnly && !rights.readOnly:
		c.WriteError(msgFunctionWrites)
	default:
		e.runLua(c, func(ctx context.Context, o luascript.Options) luascript.Result {
			return library.Run(ctx, function.Name, o)
		}, rights, keys, argv)
	}
	return true
}

// supplyFunction answers what there is of FUNCTION: DUMP and RESTORE are not
// among what the service documents.
func supplyFunction(e *embedded, c *server.Peer, args []string) bool {
	subcommand, operands := strings.ToUpper(args[0]), args[1:]
	arity := func(least, most int) bool {
		if len(operands) < least || len(operands) > most {
			c.WriteError(wrongArityText("function|" + strings.ToLower(subcommand)))
			return false
		}
		return true
	}
	switch subcommand {
	case "DELETE":
		if arity(1, 1) {
			e.functionDelete(c, operands[0])
		}
	case "FLUSH":
		if arity(0, 1) {
			e.functionFlush(c, operands)
		}
	case "KILL":
		if arity(0, 0) {
			c.WriteError(msgNotBusy) // a function that runs holds up this command too
		}
	case "LIST":
		e.functionList(c, operands)
	case "LOAD":
		if arity(1, 2) {
			e.functionLoad(c, operands)
		}
	case "STATS":
		if arity(0, 0) {
			e.functionStats(c)
		}
	default:
		c.WriteError("ERR unknown subcommand '" + args[0] + "'. Try FUNCTION HELP.")
	}
	return true
}

func (e *embedded) libraryIndex(name string) int {
	return slices.IndexFunc(e.libraries, func(l functionLibrary) bool { return l.name == name })
}

func (e *embedded) functionDelete(c *server.Peer, name string) {
	i := e.libraryIndex(name)
	if i < 0 {
		c.WriteError(msgNoLibrary)
		return
	}
	e.libraries = slices.Delete(e.libraries, i, i+1)
	c.WriteOK()
}

func (e *embedded) functionFlush(c *server.Peer, mode []string) {
	if len(mode) > 0 && !strings.EqualFold(mode[0], "SYNC") && !strings.EqualFold(mode[0], "ASYNC") {
		c.WriteError("ERR FUNCTION FLUSH only supports SYNC|ASYNC option")
		return
	}
	e.libraries = nil
	c.WriteOK()
}

func (e *embedded) functionStats(c *server.Peer) {
	functions := 0
	for _, l := range e.libraries {
		functions += len(l.Functions())
	}
	c.WriteLen(4)
	c.WriteBulk("running_script")
	c.WriteNull()
	c.WriteBulk("engines")
	c.WriteLen(2)
	c.WriteBulk("LUA")
	c.WriteLen(4)
	c.WriteBulk("libraries_count")
	c.WriteInt(len(e.libraries))
	c.WriteBulk("functions_count")
	c.WriteInt(functions)
}

func (e *embedded) functionList(c *server.Peer, options []string) {
	pattern, withCode := "", false
	for i := 0; i < len(options); i++ {
		switch option := strings.ToUpper(options[i]); {
		case option == "WITHCODE" && !withCode:
			withCode = true
		case option == "LIBRARYNAME" && pattern == "" && i+1 == len(options):
			c.WriteError("ERR library name argument was not given")
			return
		case option == "LIBRARYNAME" && pattern == "":
			i++
			pattern = options[i]
		default:
			c.WriteError("ERR Unknown argument " + options[i])
			return
		}
	}
	listed := slices.DeleteFunc(slices.Clone(e.libraries), func(l functionLibrary) bool {
		return pattern != "" && !glob.Match(pattern, l.name)
	})
	c.WriteLen(len(listed))
	for _, l := range listed {
		l.write(c, withCode)
	}
}

func (l functionLibrary) write(c *server.Peer, withCode bool) {
	if withCode {
		c.WriteLen(8)
	} else {
		c.WriteLen(6)
	}
	c.WriteBulk("library_name")
	c.WriteBulk(l.name)
	c.WriteBulk("engine")
	c.WriteBulk("LUA")
	c.WriteBulk("functions")
	c.WriteLen(len(l.Functions()))
	for _, f := range l.Functions() {
		c.WriteLen(6)
		c.WriteBulk("name")
		c.WriteBulk(f.Name)
		c.WriteBulk("description")
		if f.Description == "" {
			c.WriteNull()
		} else {
			c.WriteBulk(f.Description)
		}
		c.WriteBulk("flags")
		c.WriteStrings(f.Flags)
	}
	if withCode {
		c.WriteBulk("library_code")
		c.WriteBulk(l.code)
	}
}
