package lambdatest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// extension is one that the process has registered.
type extension struct {
	name   string
	events []string
	queue  chan map[string]any
	busy   bool // with the last event
}

func (s *sandbox) register(w http.ResponseWriter, r *http.Request) {
	x := &extension{name: r.Header.Get("Lambda-Extension-Name"), queue: make(chan map[string]any, 1)}
	var asked struct {
		Events []string `json:"events"`
	}
	if x.name == "" || json.NewDecoder(r.Body).Decode(&asked) != nil {
		refuse(w, http.StatusBadRequest, "Extension.InvalidRegistration")
		return
	}
	x.events = asked.Events
	s.mu.Lock()
	id := strconv.Itoa(len(s.extensions) + 1)
	// Until it asks for its first event it is not done with its beginning.
	x.busy = slices.Contains(x.events, "INVOKE")
	s.extensions[id] = x
	s.mu.Unlock()
	w.Header().Set("Lambda-Extension-Identifier", id)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"functionName": "test", "functionVersion": "$LATEST", "handler": "bootstrap"})
}

func (s *sandbox) nextEvent(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	x := s.extensions[r.Header.Get("Lambda-Extension-Identifier")]
	if x != nil && x.busy && len(x.queue) == 0 {
		x.busy = false
		s.rest()
	}
	s.mu.Unlock()
	if x == nil {
		refuse(w, http.StatusForbidden, "Extension.UnknownExtensionIdentifier")
		return
	}
	select {
	case event := <-x.queue:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(event)
	case <-r.Context().Done():
	}
}

// invoke tells of an event, if it asked for that.
func (x *extension) invoke(i *Invocation) {
	if !slices.Contains(x.events, "INVOKE") {
		return
	}
	x.tell(map[string]any{
		"eventType": "INVOKE", "requestId": i.id, "deadlineMs": i.deadline.UnixMilli(),
		"invokedFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:test",
	})
}

func (x *extension) tell(event map[string]any) {
	select {
	case x.queue <- event:
		x.busy = true
	default: // it is late, and has one already
	}
}

// shutdown ends the process, gently if an extension is registered.
func (s *sandbox) shutdown(ctx context.Context, patience time.Duration) {
	s.mu.Lock()
	gentle := len(s.extensions) > 0
	for _, x := range s.extensions {
		if slices.Contains(x.events, "SHUTDOWN") {
			x.tell(map[string]any{"eventType": "SHUTDOWN", "shutdownReason": "spindown", "deadlineMs": time.Now().Add(patience).UnixMilli()})
		}
	}
	if s.frozen {
		s.frozen = false
		s.child.thaw()
	}
	s.mu.Unlock()
	if gentle && s.child.terminate() {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-s.exited:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	s.kill()
	<-s.exited
}
