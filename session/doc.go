// Package session keeps the sessions of signed-in users, with a payload of any
// type, in a Redis that is reached by HTTP.
//
//	m, err := session.New[Login](rdb, session.Options{Namespace: "shop", Secret: secret})
//
//	s, err := m.Create(ctx, user.ID, Login{Email: user.Email}) // sign-in: string(s.Token()) goes into a cookie
//	s, err = m.Get(ctx, session.Token(cookie.Value))           // every request
//	err = m.Destroy(ctx, s.Token())                            // sign-out
//
// Call [Manager.Rotate] whenever somebody signs in, or gains a privilege, in a
// session that exists already.
//
// # Web
//
// A [Web] does all of this behind net/http: it keeps the token in a cookie, asks
// the store only when a handler asks for the session, rotates at sign-in, renews
// the token now and then, and refuses what other sites send.
//
//	web, err := session.NewWeb(m, session.WebOptions{})
//	http.ListenAndServeTLS(addr, cert, key, web.Handler(mux))
//
//	s, err := web.SignIn(ctx, user.ID, Login{Email: user.Email}) // in the handler that found the password right
//	s, err := web.Get(ctx)                                       // in every other one
//	s, err := web.Update(ctx, func(l *Login) error { l.Visits++; return nil })
//	err := web.SignOut(ctx)
//
// What can go wrong is seen to: cookies are set before the first byte, also by a
// handler that panics; an answer that sets one is not cached; who arrives with a
// token that was rotated a moment ago gets no cookie and loses none; and when
// the store fails the answer is 503, whatever the handler makes of the error.
// Package sessiontest tests that a program's own handlers do their part.
//
// A renewal replaces the token of who is signed in, by default every hour, and
// for 30 seconds the old one leads to the new one: requests that run side by
// side all get the same new cookie, and so does who lost an answer. The new
// token comes from the old one and from a random number that only the store has,
// so that the store, alone, still leads nobody to a token. Managers follow
// renewals, whether they have a Web or not. When somebody signs in anew, or is
// given a privilege, at the very time of a renewal in another request, and the
// answers arrive the wrong way round, the browser is left with a dead token: it
// has to sign in once more.
//
// # Model
//
// One hash holds all sessions of a user, and each field ends by itself when the
// idle time is over. So there is no index that could disagree with the sessions,
// "sign out everywhere" is one DEL, and what nobody uses is gone without any
// sweeping. A token names its user's hash, as a keyed digest, so that every key
// is known before the command is sent.
//
// The database holds no token and nothing that leads to one: a session is found
// by the SHA-256 of its token, and that digest is its public ID. With
// [Options].EncryptionKeys payloads and devices are sealed as well.
//
// # Errors
//
// [SignedOut] tells the errors that mean "there is no session" from all others,
// above all [ErrUnavailable]: a store that does not answer has not signed anybody
// out. No error, and nothing that this package prints, holds a token, a user ID
// or part of a payload.
//
// # Promise
//
// When Destroy, DestroyByID, DestroyAll or DestroyOthers returned nil, no later
// Get, Update or Rotate returns the session or brings it back, also when they
// were under way, and when it was renewed meanwhile. An Update that returned nil is not undone by another one. The
// number of a user's sessions is at most the cap at every instant, as long as
// all processes have the same one. Create, Rotate and UpdateAll of a session are
// one step each for everybody else. A model test drives all of this through
// random schedules, lost replies, repeated requests and evictions.
//
// What is outside the promise: with a Throttle, and for Peek, List and Count, a
// database with replicas may answer with what was true a moment ago. A database
// with eviction may drop a user's sessions: keep it off. And two processes whose
// clocks disagree by a minute disagree by a minute on the absolute lifetime.
//
// # Keys
//
//	<namespace>:s:{<handle>}   a hash, for each session with these fields:
//	  <id>                     the header: version, instants, identity of the last write
//	  <id>#d                   the payload
//	  <id>#m                   the device
//	  <id>#t                   when the idle time was last extended
//	  <id>#x                   in place of the others: for 30 seconds after a rotation, and
//	                           after a renewal until the next one, with what leads there
//
// The server must have the expiry of hash fields (HSETEX, HGETEX), as Upstash
// and Redis 8.0 have; otherwise the error is [ErrUnsupported].
//
// # Cost
//
//	                                       round trips  billed commands
//	Get                                              1                1
//	Get with a Throttle                              1                1
//	Get with a Throttle, once in Throttle            2                3
//	GetStrong                                        1                1
//	GetStrong with a Throttle                        1                2
//	Peek                                             1                1
//	Create without a cap, or for nobody              1                1
//	Create                                           1                3
//	Create when the oldest makes room                1                5
//	Update, AddFlash, TakeFlash                      1                3
//	Update that changes nothing                      0                0
//	Update with one conflict                         2                5
//	UpdateAll                                        2                5
//	Rotate                                           1                6
//	Rotate without a cap                             1                5
//	Rotate with one conflict                         2                8
//	Destroy, DestroyByID                             1                1
//	Destroy, DestroyByID of what is not there        2                2
//	DestroyAll                                       1                1
//	DestroyOthers                                    1                3
//	DestroyOthers without others                     1                2
//	List, Count                                      1                1
//	RequireFresh                                     0                0
//	a malformed, forged or expired token             0                0
//	Get, the token of before a renewal               2                2
//	Update, the token of before a renewal            2                6
//	Destroy, the token of before a renewal           3                3
//
// Tests compare both tables with what a server counts. Get with a Throttle,
// Peek, List and Count only read; everything else is a write, which a database
// with read regions bills once more for each.
//
// Of a Web, where nothing was asked before in the same request:
//
//	                                round trips  billed commands
//	nobody asks                               0                0
//	Get                                       1                1
//	Get and renewal                           2                6
//	Get without a cookie                      0                0
//	SignIn without a cookie                   1                3
//	SignIn of a guest                         2                7
//	Begin                                     1                1
//	Rotate                                    2                7
//	Update                                    2                4
//	Update that changes nothing               1                1
//	AddFlash                                  2                4
//	TakeFlash of nothing                      1                1
//	CSRFToken                                 1                1
//	SignOut                                   1                1
//	SignOutEverywhere                         2                2
//	SignOutOthers                             2                3
//
// Forged tokens cost nothing only when there is a Secret. A script is one round
// trip more, once, for a server that does not know it yet.
package session
