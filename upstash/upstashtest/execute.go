package upstashtest

import (
	"bytes"
	"errors"
	"net/http"
)

// single answers one command: status 200 and its result, or 400 and its error.
func (s *Server) single(command []string, refused error, f format, entry *Request) answer {
	if refused != nil {
		return f.fail(refused.Error())
	}
	entry.Commands = [][]string{command}
	var buf bytes.Buffer
	replies, err := s.replica.run(&buf, f.user, entry.Commands, false, f.sight)
	if err != nil {
		return failure(http.StatusInternalServerError, internalText(err))
	}
	r := replies[0]
	if f.resp2 {
		return respSingle(r)
	}
	body, err := appendReply(nil, r.resp, f.base64)
	if err != nil {
		return failure(http.StatusInternalServerError, msgInternal)
	}
	if r.failed() {
		return answer{status: http.StatusBadRequest, body: body, billed: r.billed}
	}
	return answer{status: http.StatusOK, body: body, billed: r.billed}
}

// batch answers a pipeline or, when atomic, a transaction: status 200 and one
// item per command, whatever becomes of each; or 400 and one error for all.
func (s *Server) batch(body []byte, f format, atomic bool, entry *Request) answer {
	commands, refused := commandsFromBody(body)
	if refused != nil {
		return f.fail(refused.Error())
	}
	entry.Commands = commands
	var buf bytes.Buffer
	replies, err := s.replica.run(&buf, f.user, commands, atomic, f.sight)
	if discarded := (*discardedError)(nil); errors.As(err, &discarded) {
		return failure(http.StatusBadRequest, discarded.Error())
	}
	if tooLarge := (*tooLargeError)(nil); errors.As(err, &tooLarge) {
		a := f.fail(tooLarge.Error())
		a.billed = tooLarge.billed // all of it was executed
		return a
	}
	if err != nil {
		return failure(http.StatusInternalServerError, internalText(err))
	}
	if f.resp2 {
		return respBatch(buf.Bytes(), replies)
	}

	a := answer{status: http.StatusOK, body: make([]byte, 0, buf.Len()+len(replies)*len(`{"result":},`)+2)}
	a.body = append(a.body, '[')
	for i, r := range replies {
		if i > 0 {
			a.body = append(a.body, ',')
		}
		if a.body, err = appendReply(a.body, r.resp, f.base64); err != nil {
			return failure(http.StatusInternalServerError, msgInternal)
		}
		a.billed += r.billed
	}
	a.body = append(a.body, ']')
	return a
}

// failure is an answer with an error object. Errors are never base64.
func failure(status int, text string) answer {
	return answer{status: status, body: append(appendString([]byte(`{"error":`), []byte(text)), '}')}
}
