package command_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// finished names the groups of testdata/commands.tsv whose every command must
// have a constructor.
var finished = []string{"string", "generic", "set", "hash", "sorted-set", "scripting", "bitmap", "connection", "geo", "hyperloglog", "list", "functions", "json", "search", "streams", "server", "pub-sub"}

// row is one line of testdata/commands.tsv.
type row struct {
	name, group string
	rest        bool // possible over REST, an event stream among it
	class       command.Class
	stream      bool // an event stream: a method of Client, and no constructor
}

// construction is one call of read, idempotent or once in the source.
type construction struct {
	words []string // the string literals right after the decoder, two at most
	class command.Class
	where string
}

func TestEveryCommandHasAConstructor(t *testing.T) {
	t.Parallel()
	rows := readTable(t)
	calls := readSource(t)
	methods := readClientMethods(t)
	for _, problem := range checkParity(rows, calls, methods, finished) {
		t.Error(problem)
	}

	typed := map[string]bool{}
	for _, r := range rows {
		typed[r.name] = r.stream && slices.Contains(methods, r.name)
	}
	for _, call := range calls {
		typed[call.name(rows)] = true
	}
	var possible, typedRows, wanted, typedWanted int
	for _, r := range rows {
		if !r.rest {
			continue
		}
		possible++
		if typed[r.name] {
			typedRows++
		}
		if slices.Contains(finished, r.group) {
			wanted++
			if typed[r.name] {
				typedWanted++
			}
		}
	}
	if possible != 267 {
		t.Errorf("the table has %d commands that REST serves, want 267", possible)
	}
	t.Logf("typed %d of %d in finished groups", typedWanted, wanted)
	t.Logf("typed %d of all %d REST rows", typedRows, possible)
}

// TestNamesOfTheTable checks that a command is known by one name, here and in
// the table: the second word of a subcommand belongs to it, an argument does not.
func TestNamesOfTheTable(t *testing.T) {
	t.Parallel()
	for _, r := range readTable(t) {
		name, subcommand, _ := strings.Cut(r.name, " ")
		words := []any{marker}
		if subcommand != "" {
			words = []any{subcommand, marker}
		}
		if got := command.NewArgs(name, words...).Name(); got != r.name {
			t.Errorf("the name of %q followed by a value is %q", r.name, got)
		}
	}
}

func TestCheckParity(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"GET", "string", true, command.ReadOnly, false},
		{"SET", "string", true, command.Idempotent, false},
		{"INCR", "string", true, command.Once, false},
		{"SCRIPT LOAD", "scripting", true, command.Idempotent, false},
		{"BLPOP", "list", false, command.Once, false},
		{"LPOP", "list", true, command.Once, false},
		{"LISTEN", "pub-sub", true, command.ReadOnly, true},
	}
	full := []construction{
		{[]string{"GET"}, command.ReadOnly, "get.go:1"},
		{[]string{"SET", "k"}, command.Idempotent, "set.go:1"},
		{[]string{"SET"}, command.Once, "set.go:2"},
		{[]string{"INCR"}, command.Once, "incr.go:1"},
		{[]string{"SCRIPT", "LOAD"}, command.Idempotent, "script.go:1"},
	}
	without := func(i int) []construction { return slices.Delete(slices.Clone(full), i, i+1) }
	with := func(c construction) []construction { return append(slices.Clone(full), c) }
	for _, tt := range []struct {
		name    string
		calls   []construction
		groups  []string
		methods []string
		want    []string
	}{
		{"complete", full, []string{"string", "scripting"}, nil, nil},
		{"missing row", without(0), []string{"string", "scripting"}, nil, []string{"GET (string) has no constructor"}},
		{"missing row of a group that is not finished", without(0), []string{"scripting"}, nil, nil},
		{"missing subcommand", without(4), []string{"string", "scripting"}, nil, []string{"SCRIPT LOAD (scripting) has no constructor"}},
		{"missing row that REST serves, not the one that it does not", full, []string{"list"}, nil, []string{"LPOP (list) has no constructor"}},
		{"wrong class", without(1), []string{"string"}, nil, []string{"SET (string) has no constructor that is idempotent, as the table says"}},
		{"unknown command", with(construction{[]string{"GTE"}, command.ReadOnly, "get.go:9"}), nil, nil, []string{"get.go:9: GTE is not in the table"}},
		{"unknown subcommand", with(construction{[]string{"SCRIPT", "LOSE"}, command.Once, "script.go:9"}), nil, nil, []string{"script.go:9: SCRIPT LOSE is not in the table"}},
		{"name that is no literal", with(construction{nil, command.Once, "get.go:9"}), nil, nil, []string{"get.go:9: the name is not a string literal"}},
		{"group that the table lacks", full, []string{"strings"}, nil, []string{"no row is of the group strings"}},
		{"stream", full, []string{"pub-sub"}, []string{"DO", "LISTEN"}, nil},
		{"missing stream", full, []string{"pub-sub"}, []string{"DO"}, []string{"LISTEN (pub-sub) has no method of Client"}},
		{"missing stream of a group that is not finished", full, nil, nil, nil},
		{"stream with a constructor", with(construction{[]string{"LISTEN"}, command.ReadOnly, "get.go:9"}), nil, nil, []string{"get.go:9: LISTEN is a stream, which no command is"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, checkParity(rows, tt.calls, tt.methods, tt.groups)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConstructionsOfSource(t *testing.T) {
	t.Parallel()
	const source = `package p

func A(key string) Cmd[string] { return read(Reply.Text, "GET", key) }

func B() Cmd[OK] { return idempotent[OK](Reply.Status, "SCRIPT", "FLUSH", tail()).WithClass(Once) }

func C(name string) Cmd[OK] { return once(page(Reply.Zs), name, "x") }

func D() { other(Reply.Text, "NOT", "A", "COMMAND"); read() }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []construction{
		{[]string{"GET"}, command.ReadOnly, "p.go:3"},
		{[]string{"SCRIPT", "FLUSH"}, command.Idempotent, "p.go:5"},
		{nil, command.Once, "p.go:7"},
		{nil, command.ReadOnly, "p.go:9"},
	}
	if diff := cmp.Diff(want, constructions(fset, file), cmp.AllowUnexported(construction{})); diff != "" {
		t.Errorf("constructions (-want +got):\n%s", diff)
	}
}

// checkParity compares the table with the source and says what does not agree.
func checkParity(rows []row, calls []construction, methods, groups []string) []string {
	var problems []string
	known, streams := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		known[r.name], streams[r.name] = true, r.stream
	}
	classes := map[string][]command.Class{}
	for _, call := range calls {
		name := call.name(rows)
		switch {
		case name == "":
			problems = append(problems, call.where+": the name is not a string literal")
		case !known[name]:
			problems = append(problems, call.where+": "+name+" is not in the table")
		case streams[name]:
			problems = append(problems, call.where+": "+name+" is a stream, which no command is")
		}
		classes[name] = append(classes[name], call.class)
	}
	for _, group := range groups {
		found := false
		for _, r := range rows {
			if r.group != group {
				continue
			}
			found = true
			switch {
			case !r.rest, r.stream && slices.Contains(methods, r.name):
			case r.stream:
				problems = append(problems, fmt.Sprintf("%s (%s) has no method of Client", r.name, r.group))
			case len(classes[r.name]) == 0:
				problems = append(problems, fmt.Sprintf("%s (%s) has no constructor", r.name, r.group))
			case !slices.Contains(classes[r.name], r.class):
				problems = append(problems, fmt.Sprintf("%s (%s) has no constructor that is %v, as the table says", r.name, r.group, r.class))
			}
		}
		if !found {
			problems = append(problems, "no row is of the group "+group)
		}
	}
	return problems
}

// name is the command that the literals name: the second one belongs to it where
// the table has such a subcommand, or where it has no such command alone.
func (c construction) name(rows []row) string {
	switch len(c.words) {
	case 0:
		return ""
	case 1:
		return c.words[0]
	}
	both := c.words[0] + " " + c.words[1]
	alone := false
	for _, r := range rows {
		if r.name == both {
			return both
		}
		alone = alone || r.name == c.words[0]
	}
	if alone {
		return c.words[0]
	}
	return both
}

func readTable(t *testing.T) []row {
	t.Helper()
	data, err := os.ReadFile("testdata/commands.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	columns := strings.Split(lines[0], "\t")
	var rows []row
	for i, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		if len(fields) != len(columns) {
			t.Fatalf("line %d has %d columns, want %d", i+2, len(fields), len(columns))
		}
		cell := func(column string) string { return fields[slices.Index(columns, column)] }
		r := row{name: cell("command"), group: cell("group"), rest: cell("rest") != "no", stream: cell("rest") == "sse"}
		switch {
		case cell("read_or_write") == "read":
			r.class = command.ReadOnly
		case cell("idempotent") == "yes":
			r.class = command.Idempotent
		}
		rows = append(rows, r)
	}
	return rows
}

func readSource(t *testing.T) []construction {
	t.Helper()
	fset := token.NewFileSet()
	var found []construction
	for _, file := range parseFolder(t, fset, ".") {
		found = append(found, constructions(fset, file)...)
	}
	return found
}

// readClientMethods lists the methods written for *Client, in upper case as
// commands are named. What it has of Commands is not among them.
func readClientMethods(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, file := range parseFolder(t, token.NewFileSet(), "..") {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			pointer, ok := f.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			if receiver, ok := pointer.X.(*ast.Ident); ok && receiver.Name == "Client" {
				names = append(names, strings.ToUpper(f.Name.Name))
			}
		}
	}
	return names
}

// parseFolder reads the Go files of a folder that are no tests.
func parseFolder(t *testing.T, fset *token.FileSet, folder string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// constructions lists the calls of read, idempotent and once in a file.
func constructions(fset *token.FileSet, file *ast.File) []construction {
	helpers := map[string]command.Class{
		"read":       command.ReadOnly,
		"idempotent": command.Idempotent,
		"once":       command.Once,
	}
	var found []construction
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		function := call.Fun
		if index, ok := function.(*ast.IndexExpr); ok {
			function = index.X
		}
		name, ok := function.(*ast.Ident)
		if !ok {
			return true
		}
		class, ok := helpers[name.Name]
		if !ok {
			return true
		}
		position := fset.Position(call.Pos())
		c := construction{class: class, where: position.Filename + ":" + strconv.Itoa(position.Line)}
		for _, arg := range call.Args[min(1, len(call.Args)):min(3, len(call.Args))] {
			literal, ok := arg.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				break
			}
			word, err := strconv.Unquote(literal.Value)
			if err != nil {
				break
			}
			c.words = append(c.words, word)
		}
		found = append(found, c)
		return true
	})
	return found
}
