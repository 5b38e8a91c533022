package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// group is the constructors of one file.
type group struct {
	name     string // the file's name without .go
	commands []constructor
	exported map[string]bool // every exported name of the package; true for constructors
}

// constructor is one exported function that returns Cmd[T] for a fixed T.
type constructor struct {
	name   string
	doc    string
	params []param
	result ast.Expr // the T
}

type param struct {
	name     string
	typ      ast.Expr
	variadic bool
}

func parse(dir string) ([]group, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	exported := map[string]bool{}
	var groups []group
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file) //nolint:gosec // the folder is this repository's
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		g := group{name: strings.TrimSuffix(filepath.Base(file), ".go"), exported: exported}
		for _, decl := range tree.Decls {
			collectNames(decl, exported)
			if c, ok := asConstructor(decl); ok {
				exported[c.name] = true
				g.commands = append(g.commands, c)
			}
		}
		if len(g.commands) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, nil
}

func collectNames(decl ast.Decl, exported map[string]bool) {
	add := func(name *ast.Ident) {
		if name.IsExported() && !exported[name.Name] {
			exported[name.Name] = false
		}
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			add(decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				add(spec.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					add(name)
				}
			}
		}
	}
}

func asConstructor(decl ast.Decl) (constructor, bool) {
	f, ok := decl.(*ast.FuncDecl)
	if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.TypeParams != nil || f.Type.Results.NumFields() != 1 {
		return constructor{}, false
	}
	generic, ok := f.Type.Results.List[0].Type.(*ast.IndexExpr)
	if !ok {
		return constructor{}, false
	}
	if name, ok := generic.X.(*ast.Ident); !ok || name.Name != "Cmd" {
		return constructor{}, false
	}
	c := constructor{name: f.Name.Name, doc: f.Doc.Text(), result: generic.Index}
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			p := param{name: name.Name, typ: field.Type}
			if rest, ok := field.Type.(*ast.Ellipsis); ok {
				p.typ, p.variadic = rest.Elt, true
			}
			c.params = append(c.params, p)
		}
	}
	return c, true
}
