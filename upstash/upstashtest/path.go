package upstashtest

import (
	"net/url"
	"strings"
)

// tokenParameter carries the bearer token in a query; it is never an argument.
const tokenParameter = "_token"

// commandFromPath reads a command from the path, one argument per segment, then
// the body as the next argument, then the query parameters.
//
// The path is split before it is decoded, so that an argument may hold a slash.
// An empty segment is an empty argument.
func commandFromPath(escapedPath, rawQuery string, body []byte) ([]string, error) {
	segments := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	command := make([]string, 0, len(segments)+1)
	for _, segment := range segments {
		arg, err := url.PathUnescape(segment)
		if err != nil {
			return nil, errParseCommand
		}
		command = append(command, arg)
	}
	if len(body) > 0 {
		command = append(command, string(body))
	}
	return appendQuery(command, rawQuery)
}

// appendQuery adds each parameter's name and then its value, in the order of the
// query, which url.Values would lose. "NX=" is the same as "NX": many libraries
// cannot write the one without the sign.
func appendQuery(command []string, rawQuery string) ([]string, error) {
	for parameter := range strings.SplitSeq(rawQuery, "&") {
		if parameter == "" {
			continue
		}
		name, value, _ := strings.Cut(parameter, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return nil, errParseCommand
		}
		value, err = url.QueryUnescape(value)
		if err != nil {
			return nil, errParseCommand
		}
		if name == tokenParameter {
			continue
		}
		command = append(command, name)
		if value != "" {
			command = append(command, value)
		}
	}
	return command, nil
}
