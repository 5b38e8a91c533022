package session_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Login is what this program wants to know of who is signed in.
type Login struct {
	UserID   string            `json:"userId"`
	Email    string            `json:"email"`
	Role     string            `json:"role"`
	Metadata map[string]string `json:"metadata,omitempty"`
}

func Example() {
	srv, err := upstashtest.NewServer(upstashtest.Options{}) // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	rdb, ctx := srv.Client(), context.Background()

	m, err := session.New[Login](rdb, session.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}

	// Somebody signs in; string(s.Token()) goes into a cookie.
	who := Login{UserID: "u42", Email: "jo@example.com", Role: "editor", Metadata: map[string]string{"plan": "pro"}}
	s, err := m.Create(ctx, who.UserID, who, session.On(session.Device{Name: "phone"}))
	if err != nil {
		panic(err)
	}
	cookie := string(s.Token())

	// Every request: who is it?
	s, err = m.Get(ctx, session.Token(cookie))
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Data.Email, s.Data.Role, s.Data.Metadata["plan"])

	// A change, on whatever is stored by now.
	if _, err := m.Update(ctx, s, func(l *Login) error { l.Role = "admin"; return nil }); err != nil {
		panic(err)
	}

	// A privilege was gained: a new token, and the old one is worth nothing.
	s, err = m.Rotate(ctx, s, who.UserID, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Data.Role, m.RequireFresh(s, 5*time.Minute))
	_, err = m.Get(ctx, session.Token(cookie))
	fmt.Println(err, session.SignedOut(err))

	// Sign out everywhere.
	if err := m.DestroyAll(ctx, who.UserID); err != nil {
		panic(err)
	}
	_, err = m.Get(ctx, s.Token())
	fmt.Println(err, session.SignedOut(err))
	// Output:
	// jo@example.com editor pro
	// admin <nil>
	// session: moved to another token true
	// session: not found true
}

func ExampleManager_List() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	ctx := context.Background()
	m, err := session.New[Login](srv.Client(), session.Options{Namespace: "shop", Clock: srv.Now})
	if err != nil {
		panic(err)
	}
	var here *session.Session[Login]
	for _, name := range []string{"laptop", "phone"} {
		srv.Advance(time.Second)
		here, err = m.Create(ctx, "u42", Login{}, session.On(session.Device{Name: name}))
		if err != nil {
			panic(err)
		}
	}
	devices, err := m.List(ctx, "u42")
	for _, d := range devices {
		fmt.Println(d.Device.Name, d.ID == here.ID)
	}
	fmt.Println(m.DestroyByID(ctx, "u42", devices[0].ID), err)
	fmt.Println(m.Count(ctx, "u42"))
	// Output:
	// laptop false
	// phone true
	// <nil> <nil>
	// 1 <nil>
}
