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
// were under way. An Update that returned nil is not undone by another one. The
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
//	  <id>#x                   for 30 seconds after a rotation, in place of the others
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
//	DestroyAll                                       1                1
//	DestroyOthers                                    1                3
//	List, Count                                      1                1
//	RequireFresh                                     0                0
//	a malformed, forged or expired token             0                0
//
// A test compares this table with what a server counts. Get with a Throttle,
// Peek, List and Count only read; everything else is a write, which a database
// with read regions bills once more for each.
//
// Forged tokens cost nothing only when there is a Secret. A script is one round
// trip more, once, for a server that does not know it yet.
package session
