// Command gen derives the methods of upstash.Commands and pipeline.Pipeline from
// the constructors in upstash/command, so that each command is written once.
//
// It is run by go generate in folder upstash.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("command", ".", filepath.Join("..", "pipeline")); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run reads the constructors in words and writes one file for each group of
// them into the folders of the two packages. Files of groups that are gone are
// removed.
func run(words, clientDir, pipelineDir string) error {
	groups, err := parse(words)
	if err != nil {
		return err
	}
	for _, target := range []struct {
		dir string
		emit
	}{{clientDir, clientMethods}, {pipelineDir, pipelineMethods}} {
		stale, err := filepath.Glob(filepath.Join(target.dir, "commands_*_gen.go"))
		if err != nil {
			return err
		}
		for _, file := range stale {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
		for _, g := range groups {
			text, err := target.emit(g)
			if err != nil {
				return fmt.Errorf("%s: %w", g.name, err)
			}
			file := filepath.Join(target.dir, "commands_"+g.name+"_gen.go")
			if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // source files are for everyone to read
				return err
			}
		}
	}
	return nil
}
