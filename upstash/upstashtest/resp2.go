package upstashtest

import (
	"net/http"
	"strconv"
)

const (
	typeJSON  = "application/json"
	typeRESP2 = "application/octet-stream"
)

// fail is the answer to a request that was not executed.
func (f format) fail(text string) answer {
	if !f.resp2 {
		return failure(http.StatusBadRequest, text)
	}
	return answer{
		status:      http.StatusBadRequest,
		body:        []byte("-" + text + "\r\n"),
		contentType: typeRESP2,
	}
}

// respSingle is the reply to a command as it is.
func respSingle(r reply) answer {
	status := http.StatusOK
	if r.failed() {
		status = http.StatusBadRequest
	}
	return answer{status: status, body: r.resp, contentType: typeRESP2, billed: r.billed}
}

// respBatch is a whole pipeline as one RESP2 value: an array of the replies, as
// EXEC answers and as the JSON form has it. The documentation only says that the
// body is RESP2; bare replies one after the other would not be one value, and a
// client could not tell when it has all of them.
func respBatch(resp []byte, replies []reply) answer {
	a := answer{status: http.StatusOK, contentType: typeRESP2}
	a.body = strconv.AppendInt([]byte{'*'}, int64(len(replies)), 10)
	a.body = append(a.body, "\r\n"...)
	a.body = append(a.body, resp...)
	a.billed = billed(replies)
	return a
}

// billed is what the commands of a batch cost together.
func billed(replies []reply) (total int) {
	for _, r := range replies {
		total += r.billed
	}
	return total
}
