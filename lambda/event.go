package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// Source is what sent an HTTP event. Each has a shape of event of its own.
type Source int

// Sources. An HTTP API that is set to payload format 1.0 sends the shape of a
// REST API, and counts as one here.
const (
	RESTAPI     Source = iota + 1 // API Gateway, REST API
	HTTPAPI                       // API Gateway, HTTP API with payload format 2.0
	FunctionURL                   // the URL of a function
	ALB                           // Application Load Balancer
)

// String names the source.
func (s Source) String() string {
	switch s {
	case RESTAPI:
		return "REST API"
	case HTTPAPI:
		return "HTTP API"
	case FunctionURL:
		return "function URL"
	case ALB:
		return "ALB"
	default:
		return "unknown source"
	}
}

// event is all of the four shapes in one: the members that make a request.
type event struct {
	Version string `json:"version"`

	RawPath        string   `json:"rawPath"`
	RawQueryString string   `json:"rawQueryString"`
	Cookies        []string `json:"cookies"`

	HTTPMethod                      string              `json:"httpMethod"`
	Path                            string              `json:"path"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters"`
	Headers                         map[string]string   `json:"headers"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders"`
	Body                            string              `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`

	RequestContext struct {
		Stage      string `json:"stage"`
		DomainName string `json:"domainName"`
		Protocol   string `json:"protocol"`
		Identity   struct {
			SourceIP string `json:"sourceIp"`
		} `json:"identity"`
		HTTP *struct {
			Method   string `json:"method"`
			Path     string `json:"path"`
			Protocol string `json:"protocol"`
			SourceIP string `json:"sourceIp"`
		} `json:"http"`
		ELB *struct{} `json:"elb"`
	} `json:"requestContext"`

	source Source
}

var errNotHTTP = errors.New("lambda: this is no event of API Gateway, a function URL or a load balancer: HTTPHandler serves those; for other events use Wrap")

// decodeEvent reads an event and tells its source. Errors show nothing of it.
func decodeEvent(raw []byte) (*event, error) {
	e := &event{}
	if err := json.Unmarshal(raw, e); err != nil {
		return nil, errNotHTTP
	}
	switch {
	case e.RequestContext.ELB != nil:
		e.source = ALB
	case e.RequestContext.HTTP != nil && strings.Contains(e.RequestContext.DomainName, ".lambda-url."):
		e.source = FunctionURL
	case e.RequestContext.HTTP != nil:
		e.source = HTTPAPI
	case e.HTTPMethod != "":
		e.source = RESTAPI
	default:
		return nil, errNotHTTP
	}
	return e, nil
}

func (e *event) method() string {
	if e.RequestContext.HTTP != nil && e.RequestContext.ELB == nil {
		return e.RequestContext.HTTP.Method
	}
	return e.HTTPMethod
}

func (e *event) protocol() string {
	if e.RequestContext.HTTP != nil {
		return e.RequestContext.HTTP.Protocol
	}
	return e.RequestContext.Protocol
}

// multi reports whether the event has several values for a header, and so takes
// several in the answer. A load balancer has one form or the other, as its target
// group is set.
func (e *event) multi() bool {
	return e.source == RESTAPI || e.source == ALB && e.MultiValueHeaders != nil
}

type eventKey struct{}

type received struct {
	source Source
	raw    json.RawMessage
}

// EventFromContext returns the event that the request of ctx was made from, for
// what a request has no place for, such as the claims of an authorizer. It is
// shared: read it only.
//
//	raw, source, ok := lambda.EventFromContext(r.Context())
func EventFromContext(ctx context.Context) (raw json.RawMessage, source Source, ok bool) {
	r, ok := ctx.Value(eventKey{}).(received)
	return r.raw, r.source, ok
}
