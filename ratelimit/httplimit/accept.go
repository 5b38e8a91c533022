package httplimit

import (
	"mime"
	"strconv"
	"strings"
)

// acceptsProblem tells whether a client takes a problem document, by its Accept
// fields. Who says nothing takes it, and who takes JSON does; of several ranges
// that cover it the most specific decides (RFC 9110, section 12.5.1).
func acceptsProblem(lines []string) bool {
	accept := strings.Join(lines, ",")
	if strings.Trim(accept, " \t,") == "" {
		return true
	}
	best, accepted := 0, false
	for entry := range strings.SplitSeq(accept, ",") {
		media, parameters, _ := mime.ParseMediaType(entry) // media is empty where it is none
		if rank := specificity(media); rank > best {
			q, err := strconv.ParseFloat(parameters["q"], 64)
			best, accepted = rank, err != nil || q > 0
		}
	}
	return accepted
}

func specificity(media string) int {
	switch media {
	case "application/problem+json":
		return 4
	case "application/json":
		return 3
	case "application/*":
		return 2
	case "*/*":
		return 1
	default:
		return 0
	}
}
