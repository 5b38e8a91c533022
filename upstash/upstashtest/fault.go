package upstashtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// DropBefore loses the request: it is not executed, and the connection is closed
// without an answer. Over sockets net/http may repeat a GET request by itself when
// that happens; POST requests, which SDKs send, it does not repeat.
func DropBefore(x *Exchange) { x.Drop() }

// ExecuteThenDrop loses the reply: the request is executed, and the connection is
// closed without an answer. The client cannot tell it from [DropBefore].
func ExecuteThenDrop(x *Exchange) {
	x.Execute()
	x.Drop()
}

// Duplicate executes the request twice, as when something on the way repeats
// it. The client gets the second reply, and is billed for both.
func Duplicate(x *Exchange) {
	x.Execute()
	x.Execute()
}

// Delay holds the request up for d before it is executed, see [Exchange.Delay].
func Delay(d time.Duration) func(*Exchange) {
	return func(x *Exchange) { x.Delay(d) }
}

// Status answers with a status and {"error"} with its text, and executes nothing.
func Status(status int) func(*Exchange) {
	return func(x *Exchange) { refuse(x, status, nil) }
}

// TooManyRequests answers with status 429 and, unless it is zero, a Retry-After
// in whole seconds, rounded up. It executes nothing.
func TooManyRequests(retryAfter time.Duration) func(*Exchange) {
	header := http.Header{}
	if retryAfter > 0 {
		seconds := (retryAfter + time.Second - 1) / time.Second
		header.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	return func(x *Exchange) { refuse(x, http.StatusTooManyRequests, header) }
}

func refuse(x *Exchange, status int, header http.Header) {
	x.Answer(status, header, string(failure(status, "ERR "+http.StatusText(status)).body))
}

// HTMLBody answers with status 502 and an HTML page, as a proxy does that finds
// no server behind it. It executes nothing.
func HTMLBody(x *Exchange) {
	x.Answer(http.StatusBadGateway, http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n")
}

// CutBody executes the request, and closes the connection after n bytes of the
// reply, whose Content-Length promised all of it, or of a stream's events.
func CutBody(n int) func(*Exchange) {
	return func(x *Exchange) {
		x.Execute()
		x.Cut(n)
	}
}

// EmptyBody executes the request, and answers with the status it has and nothing
// else.
func EmptyBody(x *Exchange) {
	status, _ := x.Execute()
	x.Answer(status, nil, "")
}

// WrongBase64 executes the request, and spoils every string among its results by
// a letter that base64 does not have. Numbers, nulls and errors stay as they are.
func WrongBase64(x *Exchange) {
	status, body := x.Execute()
	x.Answer(status, nil, string(spoil(body)))
}

func spoil(body []byte) []byte {
	tokens := json.NewDecoder(bytes.NewReader(body))
	tokens.UseNumber()
	var reply any
	if tokens.Decode(&reply) != nil {
		return body // not JSON, and so nothing to spoil
	}
	spoiled, err := json.Marshal(spoilResults(reply, false))
	if err != nil {
		return body
	}
	return spoiled
}

func spoilResults(v any, inResult bool) any {
	switch v := v.(type) {
	case string:
		if inResult {
			return "!" + v
		}
	case []any:
		for i := range v {
			v[i] = spoilResults(v[i], inResult)
		}
	case map[string]any:
		for name := range v {
			v[name] = spoilResults(v[name], name == "result")
		}
	}
	return v
}

// On narrows f to requests with a command of this name, in any case.
func On(name string, f func(*Exchange)) func(*Exchange) {
	return func(x *Exchange) {
		if x.Carries(name) {
			f(x)
		}
	}
}

// After lets n requests pass before f sees one.
func After(n int, f func(*Exchange)) func(*Exchange) {
	var seen atomic.Int64
	return func(x *Exchange) {
		if seen.Add(1) > int64(n) {
			f(x)
		}
	}
}
