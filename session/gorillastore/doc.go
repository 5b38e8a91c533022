// Package gorillastore keeps the sessions of [github.com/gorilla/sessions] in a
// Redis that is reached by HTTP. It is a module of its own, so that programs
// without gorilla do not carry it.
//
//	store, err := gorillastore.New(rdb, gorillastore.Options{Namespace: "shop", KeyPairs: [][]byte{hashKey, blockKey}})
//
//	s, err := store.Get(r, "session")
//	s.Values["user"] = id
//	err = s.Save(r, w) // before anything is written to w
//
// # Storage only
//
// A store of gorilla sees a cookie, values and an age, and nothing else. So
// this is a place to keep them and no more: no list of a user's sessions, no
// "sign out everywhere", no new ID at sign-in, and of two requests that change a
// session at the same time the later one wins. Package session, in the module
// above this one, has all of that; it is not reached through gorilla.
//
// # What is stored
//
//	<namespace>:gorilla:<digest>   one string for each session, which ends by itself
//
// The cookie carries a random ID, signed and, with a block key, encrypted by
// securecookie. The digest is the SHA-256 of that ID, so that who reads the
// database, a backup or a slow log finds no ID. The values are gob, signed and
// encrypted in the same way and bound to their record: who can write to the
// database cannot alter them nor move them to another session. Without a block
// key they can be read there.
//
// # Ends
//
// The store ends a session MaxAge seconds after its last Save, or after
// [Options].BrowserSession when MaxAge is 0. A MaxAge below 0 ends it with Save.
// An ID whose session has ended is not taken up again: New gives a session
// without an ID then, and Save of one that ended meanwhile, by a sign-out in
// another request for example, is [ErrEnded] and stores nothing.
//
// # Cost
//
//	                               round trips  billed commands
//	New, Get                                 1                1, a read
//	  without a cookie, or a forged one      0                0
//	Get again in the same request            0                0
//	Save                                     1                1
//	  of a new session with MaxAge < 0       0                0
//
// A database with replicas may answer New with what was true a moment ago.
package gorillastore
