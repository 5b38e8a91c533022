package upstashtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"unicode/utf8"
)

var (
	errTooLarge      = errors.New("request body over the limit")
	errParseCommand  = errors.New(msgParseCommand)
	errEmptyCommand  = errors.New(msgEmptyCommand)
	errParsePipeline = errors.New(msgParsePipeline)
	errEmptyPipeline = errors.New(msgEmptyPipeline)
)

// readBody reads a request body and counts its bytes. One that is too large is
// read to its end all the same, for its size belongs into the error.
func readBody(r *http.Request, limit int64) (body []byte, size int64, err error) {
	var buf bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= limit {
		buf.Grow(int(n) + bytes.MinRead) // ReadFrom wants room to notice the end
	}
	size, err = buf.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, size, err
	}
	if size > limit {
		rest, err := io.Copy(io.Discard, r.Body)
		return nil, size + rest, errors.Join(errTooLarge, err)
	}
	return buf.Bytes(), size, nil
}

// commandFromBody reads one command from a JSON array.
func commandFromBody(body []byte) ([]string, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, errEmptyCommand
	}
	tokens := exactTokens(body)
	if tokens == nil || !opens(tokens) {
		return nil, errParseCommand
	}
	command, ok := arguments(tokens)
	switch {
	case !ok:
		return nil, errParseCommand
	case len(command) == 0:
		return nil, errEmptyCommand
	}
	return command, nil
}

// commandsFromBody reads a batch from a JSON array of arrays. A command in it
// may be empty: that is its own failure, not that of the batch.
func commandsFromBody(body []byte) ([][]string, error) {
	tokens := exactTokens(body)
	if tokens == nil || !opens(tokens) {
		return nil, errParsePipeline
	}
	commands := [][]string{}
	for tokens.More() {
		if !opens(tokens) {
			return nil, errParsePipeline
		}
		command, ok := arguments(tokens)
		if !ok {
			return nil, errParsePipeline
		}
		commands = append(commands, command)
	}
	if len(commands) == 0 {
		return nil, errEmptyPipeline
	}
	return commands, nil
}

// exactTokens returns a reader of the tokens of body, or nil when body is not
// one JSON value or says something that a Go string would not hold exactly: the
// JSON decoder replaces such text by U+FFFD, and a server that does the same
// hides the mistake from the client's author.
func exactTokens(body []byte) *json.Decoder {
	if !utf8.Valid(body) || !json.Valid(body) || hasLoneSurrogate(body) {
		return nil
	}
	tokens := json.NewDecoder(bytes.NewReader(body))
	tokens.UseNumber() // the digits as they were written
	return tokens
}

// opens reads a token and tells whether it begins an array.
func opens(tokens *json.Decoder) bool {
	token, err := tokens.Token()
	return err == nil && token == json.Delim('[')
}

// arguments reads the rest of an array of scalars. Null is refused with arrays
// and objects: no text stands for it.
func arguments(tokens *json.Decoder) (args []string, ok bool) {
	for {
		token, err := tokens.Token()
		if err != nil {
			return nil, false
		}
		switch t := token.(type) {
		case string:
			args = append(args, t)
		case json.Number:
			args = append(args, t.String())
		case bool:
			args = append(args, strconv.FormatBool(t))
		case json.Delim:
			return args, t == ']'
		default:
			return nil, false
		}
	}
}
