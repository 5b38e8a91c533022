package command

import "time"

// FCall runs a function of a library that [FunctionLoad] loaded. Every key that
// it touches belongs in keys, and args are its further arguments. It is billed
// as one command plus one for each command that it runs.
func FCall(function string, keys []string, args ...any) Cmd[Reply] {
	return once(Reply.Reply, "FCALL", function, keysAndArgs(keys, args))
}

// FCallRO is [FCall] for a function that has the flag no-writes.
func FCallRO(function string, keys []string, args ...any) Cmd[Reply] {
	return read(Reply.Reply, "FCALL_RO", function, keysAndArgs(keys, args))
}

// FunctionDelete deletes a library with all its functions. An unknown one is an
// error.
func FunctionDelete(library string) Cmd[OK] {
	return once(Reply.Status, "FUNCTION", "DELETE", library)
}

// FunctionFlush deletes all libraries.
func FunctionFlush(mode FlushMode) Cmd[OK] {
	return idempotent(Reply.Status, "FUNCTION", "FLUSH", mode.tail())
}

// FunctionKill stops a running function. Over REST the server always answers
// with the error NOTBUSY.
func FunctionKill() Cmd[OK] { return idempotent(Reply.Status, "FUNCTION", "KILL") }

// Library is a set of functions that were loaded together.
type Library struct {
	Name      string
	Engine    string // the language, "LUA"
	Functions []LibraryFunction
	Code      string // the text that was loaded; only if FunctionListOptions.WithCode asks for it
}

// LibraryFunction is what [FCall] calls.
type LibraryFunction struct {
	Name        string
	Description string   // empty when there is none
	Flags       []string // for example "no-writes"
}

// FunctionList returns all libraries, without their code.
func FunctionList() Cmd[[]Library] { return read(Reply.libraries, "FUNCTION", "LIST") }

// FunctionListOptions narrows or widens a list of libraries; the zero value is
// [FunctionList].
type FunctionListOptions struct {
	Library  string // only libraries whose names match this glob pattern; empty is all
	WithCode bool   // also the code of each library
}

// FunctionListWith is [FunctionList] with options.
func FunctionListWith(o FunctionListOptions) Cmd[[]Library] {
	var t tail
	if o.Library != "" {
		t.add("LIBRARYNAME", o.Library)
	}
	if o.WithCode {
		t.add("WITHCODE")
	}
	return read(Reply.libraries, "FUNCTION", "LIST", t)
}

func (r Reply) libraries() ([]Library, error) { return each(r, Reply.library) }

func (r Reply) library() (Library, error) {
	var l Library
	err := eachField(r, func(name string, value Reply) (err error) {
		switch name {
		case "library_name":
			l.Name, err = inside(value, Reply.Text)
		case "engine":
			l.Engine, err = inside(value, Reply.Text)
		case "functions":
			l.Functions, err = each(value, Reply.libraryFunction)
		case "library_code":
			l.Code, err = value.textOrEmpty()
		}
		return err
	})
	return l, err
}

func (r Reply) libraryFunction() (LibraryFunction, error) {
	var f LibraryFunction
	err := eachField(r, func(name string, value Reply) (err error) {
		switch name {
		case "name":
			f.Name, err = inside(value, Reply.Text)
		case "description":
			f.Description, err = value.textOrEmpty()
		case "flags":
			f.Flags, err = value.Texts()
		}
		return err
	})
	return f, err
}

// textOrEmpty decodes a string whose absence says no more than its emptiness.
func (r Reply) textOrEmpty() (string, error) {
	text, err := r.NullText()
	return text.V, err
}

// FunctionLoad loads a library from its code and returns its name, which is the
// one in the first line of the code: #!lua name=<library>. A library of that
// name, and a function of the same name in another one, are errors.
func FunctionLoad(code string) Cmd[string] {
	return once(Reply.Text, "FUNCTION", "LOAD", code)
}

// FunctionLoadOptions changes what FUNCTION LOAD does; the zero value is the
// plain command.
type FunctionLoadOptions struct {
	Replace bool // overwrite the library of that name
}

// FunctionLoadWith is [FunctionLoad] with options. With Replace it may be
// repeated.
func FunctionLoadWith(code string, o FunctionLoadOptions) Cmd[string] {
	if o.Replace {
		return idempotent(Reply.Text, "FUNCTION", "LOAD", "REPLACE", code)
	}
	return FunctionLoad(code)
}

// FunctionState says what is loaded, and what runs.
type FunctionState struct {
	Running Null[RunningFunction] // over REST none ever does
	Engines []FunctionEngine
}

// RunningFunction is a function at work.
type RunningFunction struct {
	Name     string
	Duration time.Duration // in milliseconds
}

// FunctionEngine is a language and how much is loaded in it.
type FunctionEngine struct {
	Name      string // "LUA"
	Libraries int64
	Functions int64
}

// FunctionStats counts libraries and functions.
func FunctionStats() Cmd[FunctionState] { return read(Reply.functionState, "FUNCTION", "STATS") }

func (r Reply) functionState() (FunctionState, error) {
	var s FunctionState
	err := eachField(r, func(name string, value Reply) (err error) {
		switch name {
		case "running_script":
			s.Running, err = null(value, Reply.runningFunction)
		case "engines":
			s.Engines, err = pairs(value, functionEngine)
		}
		return err
	})
	return s, err
}

func (r Reply) runningFunction() (RunningFunction, error) {
	var f RunningFunction
	err := eachField(r, func(name string, value Reply) (err error) {
		switch name {
		case "name":
			f.Name, err = inside(value, Reply.Text)
		case "duration_ms":
			var ms int64
			ms, err = inside(value, Reply.Int)
			f.Duration = lasting(time.Millisecond)(ms)
		}
		return err
	})
	return f, err
}

func functionEngine(name string, counts Reply) (FunctionEngine, error) {
	e, err := inside(counts, Reply.functionCounts)
	e.Name = name
	return e, err
}

func (r Reply) functionCounts() (FunctionEngine, error) {
	var e FunctionEngine
	err := eachField(r, func(name string, value Reply) (err error) {
		switch name {
		case "libraries_count":
			e.Libraries, err = inside(value, Reply.Int)
		case "functions_count":
			e.Functions, err = inside(value, Reply.Int)
		}
		return err
	})
	return e, err
}
