package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// maxLine is more than the server takes in one request.
const maxLine = 16 << 20

// seedFile executes the commands of a file, up to the first that fails.
func seedFile(ctx context.Context, rdb *upstash.Client, name string) error {
	file, err := os.Open(name) //nolint:gosec // the file that the user names
	if err != nil {
		return fmt.Errorf("cannot read -seed: %w", err)
	}
	defer func() { _ = file.Close() }() // it was read only

	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	number := 0
	for lines.Scan() {
		number++
		if err := seedLine(ctx, rdb, lines.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", name, number+1, err)
	}
	return nil
}

var errNotCommand = errors.New(`want a JSON array of strings, numbers and booleans, such as ["SET","k","v"]`)

func seedLine(ctx context.Context, rdb *upstash.Client, line []byte) error {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] == '#' {
		return nil
	}
	command := json.NewDecoder(bytes.NewReader(line))
	command.UseNumber() // the digits as they were written
	var args []any
	if command.Decode(&args) != nil || len(args) == 0 {
		return errNotCommand
	}
	if _, err := command.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something after the command: one array in each line")
	}
	words := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			words[i] = arg
		case json.Number:
			words[i] = arg.String()
		case bool:
			words[i] = strconv.FormatBool(arg)
		default:
			return errNotCommand
		}
	}
	name, isText := words[0].(string)
	if !isText {
		return errNotCommand
	}
	_, err := rdb.Raw(ctx, name, words[1:]...)
	if errors.Is(err, upstash.ErrNil) {
		return nil // a reply like any other
	}
	return err
}
