package fetch

import (
	"errors"
	"io"
	"net"
	"net/http"
	"syscall/js"
)

// failure is the error of what the host threw, or rejected with, for a request.
// Node puts what really happened into a cause.
func failure(thrown js.Value, r *http.Request, body []byte) error {
	var texts []string
	code := ""
	for depth, v := 0, thrown; depth < 3 && v.Type() == js.TypeObject; depth, v = depth+1, v.Get("cause") {
		texts = append(texts, property(v, "name"), property(v, "message"))
		if code == "" {
			code = property(v, "code")
		}
	}
	var parts []string
	if r != nil {
		parts = append(parts, r.URL.String(), r.URL.Path, string(body))
		for _, values := range r.Header {
			parts = append(parts, values...)
		}
	}
	err := errors.New("fetch: " + describe(append(texts, code), parts))
	switch {
	case neverConnected[code]:
		return &net.OpError{Op: "dial", Net: "tcp", Err: err}
	case code == "UND_ERR_SOCKET", code == "ECONNRESET": // the other side closed the connection
		return ended{err}
	}
	return err
}

// neverConnected are the codes of Node for failures before there is a connection.
var neverConnected = map[string]bool{
	"ECONNREFUSED": true, "ENOTFOUND": true, "EAI_AGAIN": true, "EHOSTUNREACH": true, "ENETUNREACH": true,
	"UND_ERR_CONNECT_TIMEOUT": true,
}

// ended is an [io.ErrUnexpectedEOF] with the words of the host.
type ended struct{ error }

// Is implements errors.Is.
func (ended) Is(target error) bool { return target == io.ErrUnexpectedEOF }

// property is a text property of an object, or "".
func property(v js.Value, name string) (text string) {
	_ = try(func() { // a getter may throw
		if p := v.Get(name); p.Type() == js.TypeString {
			text = p.String()
		}
	})
	return text
}
