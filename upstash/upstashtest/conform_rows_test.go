package upstashtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// rowSet is a set of rows of the command table.
type rowSet map[string]bool

func (s rowSet) add(c conform.Case) { s[c.Command()] = true }

// tableRows are the rows of these groups that REST serves, without streams,
// which are no commands and have tests of their own.
func tableRows(t *testing.T) rowSet {
	t.Helper()
	table, err := os.ReadFile("../command/testdata/commands.tsv")
	if err != nil {
		t.Fatal(err)
	}
	groups := []string{"string", "generic", "set", "hash", "sorted-set", "scripting", "functions", "server", "pub-sub", "bitmap", "connection", "geo", "hyperloglog", "list", "streams", "json", "search"}
	rows, found := rowSet{}, map[string]bool{}
	header, lines, _ := strings.Cut(string(table), "\n")
	rest := slices.Index(strings.Split(header, "\t"), "rest")
	for line := range strings.Lines(lines) {
		cells := strings.Split(line, "\t")
		if slices.Contains(groups, cells[1]) && cells[rest] == "yes" {
			rows[cells[0]], found[cells[1]] = true, true
		}
	}
	if len(found) != len(groups) {
		t.Errorf("the table has %d of the groups %q", len(found), groups)
	}
	return rows
}

func TestEveryRowHasACase(t *testing.T) {
	t.Parallel()
	executed, rows := rowSet{}, tableRows(t)
	for _, c := range conform.Cases() {
		executed.add(c)
	}
	for row := range rows {
		if !executed[row] {
			t.Errorf("no case executes %s", row)
		}
	}
	for row := range executed {
		if !rows[row] {
			t.Errorf("%s is not in the table", row)
		}
	}
}

// Every constructor has a case that is called after it, and is called in a table.
func TestEveryConstructorHasACase(t *testing.T) {
	t.Parallel()
	cased := map[string]bool{}
	for _, c := range conform.Cases() {
		constructor, _, _ := strings.Cut(c.Name, ":")
		cased[constructor] = true
	}
	constructors := map[string]bool{}
	for _, file := range parsed(t, "../command/*.go") {
		for _, decl := range file.Decls {
			if name, isConstructor := constructor(decl); isConstructor {
				constructors[name] = true
			}
		}
	}
	called := map[string]bool{}
	for _, file := range parsed(t, "internal/conform/*.go") {
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				called[selector.Sel.Name] = true
			}
			return true
		})
	}
	for name := range constructors {
		if !cased[name] || !called[name] {
			t.Errorf("%s: a case is called so: %v; a case calls it: %v", name, cased[name], called[name])
		}
	}
	for name := range cased {
		if !constructors[name] {
			t.Errorf("a case is called %s, which is no constructor", name)
		}
	}
}

// parsed reads source files. The tests of package command are not among them.
func parsed(t *testing.T, pattern string) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasPrefix(path, "..") && strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// constructor tells an exported function that returns a Cmd of one type.
func constructor(decl ast.Decl) (name string, isConstructor bool) {
	f, isFunc := decl.(*ast.FuncDecl)
	if !isFunc || f.Recv != nil || f.Type.TypeParams != nil || !f.Name.IsExported() || f.Type.Results == nil {
		return "", false
	}
	result, isGeneric := f.Type.Results.List[0].Type.(*ast.IndexExpr)
	if !isGeneric {
		return "", false
	}
	of, isIdent := result.X.(*ast.Ident)
	return f.Name.Name, isIdent && of.Name == "Cmd"
}
