package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// WebOptions configures a [Web]. Every field may stay zero.
type WebOptions struct {
	// Cookie says what the cookie is like.
	Cookie CookieOptions

	// Renew gives a session that is used a new token that often, so that a copy
	// of a cookie is soon worth nothing. Default 1 hour; negative never.
	Renew time.Duration

	// Grace is for how long the token of before a renewal leads to the new one:
	// requests that were under way get by, and a client that did not get the
	// answer gets the new cookie with the next one. Less than half of Renew.
	// Default 30 seconds.
	Grace time.Duration

	// SkipTouch tells requests that a page makes by itself, such as polling:
	// they do not count as use and renew nothing. Default: none.
	SkipTouch func(r *http.Request) bool

	// Strong tells requests that no replica may answer: see
	// [Manager.GetStrong]. Default: none.
	Strong func(r *http.Request) bool

	// Device says what is stored of the client at sign-in. Behind a proxy it
	// is the place to say where the address comes from. Default: the User-Agent,
	// of which 512 bytes, and the address of the connection.
	Device func(r *http.Request) Device

	// OnDeviceChange is told of a request whose User-Agent or address is not
	// the one of the sign-in: with every such request that asks for the
	// session, before it gets it. It decides what that means: telephones change
	// their address all the time. It may use the methods of Web.
	OnDeviceChange func(ctx context.Context, c DeviceChange)

	// TrustedOrigins may make unsafe requests from elsewhere:
	// "https://shop.example".
	TrustedOrigins []string

	// Unavailable answers requests whose session could not be read or written.
	// Default: 503 and a line of text.
	Unavailable func(w http.ResponseWriter, r *http.Request, err error)

	// Forbidden answers requests that another site seems to have made: err
	// matches [ErrForgedRequest]. Default: 403 and a line of text.
	Forbidden func(w http.ResponseWriter, r *http.Request, err error)
}

// DeviceChange is a request from a device that is not the one of the sign-in.
type DeviceChange struct {
	ID, UserID string // of the session
	From, To   Device
}

const (
	defaultRenew = time.Hour
	defaultGrace = 30 * time.Second
)

// Errors of a [Web].
var (
	// ErrForgedRequest: the request seems to be made by another site in the user's
	// name: its origin is a stranger's, or its CSRF token is missing or belongs to
	// another session.
	ErrForgedRequest = errors.New("session: the request was not made by this site")
	// ErrResponseBegun: the response has begun, so that no cookie can be set any
	// more. Nothing was done: sign in and out before the first byte.
	ErrResponseBegun = errors.New("session: the response has begun")
)

func (o WebOptions) complete() (WebOptions, error) {
	if err := o.Cookie.complete(); err != nil {
		return o, err
	}
	if o.Renew == 0 {
		o.Renew = defaultRenew
	}
	if o.Grace == 0 {
		o.Grace = defaultGrace
	}
	if o.Renew > 0 && (o.Grace < 0 || o.Grace >= o.Renew/2) {
		return o, fmt.Errorf("session: Grace of %v: expected less than half of Renew, which is %v", o.Grace, o.Renew)
	}
	never := func(*http.Request) bool { return false }
	if o.SkipTouch == nil {
		o.SkipTouch = never
	}
	if o.Strong == nil {
		o.Strong = never
	}
	if o.Device == nil {
		o.Device = deviceOfRequest
	}
	if o.Unavailable == nil {
		o.Unavailable = func(w http.ResponseWriter, _ *http.Request, _ error) {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "The service is not available at the moment.", http.StatusServiceUnavailable)
		}
	}
	if o.Forbidden == nil {
		o.Forbidden = func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "This request was not made by this site.", http.StatusForbidden)
		}
	}
	return o, nil
}
