// Package sessiontest tests what a program does with its sessions: that its own
// login handler gives out a new token, and that its own logout handler ends the
// session. It knows the program by its handler alone, so that it does not matter
// how the program keeps its sessions.
//
//	func TestSessions(t *testing.T) {
//		site := sessiontest.Site{
//			Handler: newServer(t),
//			Login:   func(b *sessiontest.Browser) *sessiontest.Answer { return b.PostForm("/login", right) },
//			Logout:  func(b *sessiontest.Browser) *sessiontest.Answer { return b.PostForm("/logout", nil) },
//			Private: func(b *sessiontest.Browser) *sessiontest.Answer { return b.Get("/me") },
//		}
//		sessiontest.LoginRotates(t, site)
//		sessiontest.LogoutDestroys(t, site)
//	}
//
// [Browser] is the browser that it does this with: a cookie jar that knows the
// rules of browsers, and answers that arrive in the order that a test wants.
package sessiontest
