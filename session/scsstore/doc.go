// Package scsstore keeps the sessions of [github.com/alexedwards/scs/v2] in a
// Redis that is reached by HTTP. It is a module of its own, so that programs
// without scs do not carry it.
//
//	store, err := scsstore.New(rdb, scsstore.Options{Namespace: "shop"})
//
//	sessions := scs.New()
//	sessions.Store = store
//
// # Storage only
//
// A store of scs sees a token, bytes and an end, and nothing else. So this is a
// place to keep them and no more: no list of a user's sessions, no "sign out
// everywhere" without reading all sessions, and of two requests that change a
// session at the same time the later one wins, also over one that signed out
// meanwhile. Package session, in the module above this one, has all of that; it
// is not reached through scs.
//
// # What is stored
//
//	<namespace>:scs:<digest>   one string for each session, which ends by itself
//
// The digest is the SHA-256 of the token, so that who reads the database, a
// backup or a slow log finds no token. Leave HashTokenInStore of scs off: it
// would hash a second time. With [Options].TokenKeys each value has the token
// sealed beside the data, which [Store.AllCtx] needs; the data itself is stored
// as scs encodes it.
//
// # Cost
//
//	                    round trips  billed commands
//	Find, FindCtx                 1                1, a read
//	Commit, CommitCtx             1                1
//	Delete, DeleteCtx             1                1
//	  of an empty token           0                0
//	All, AllCtx, of n pages   1 + n               2n
//
// A page is [Options].Page keys of the database, whatever they are of; one
// without sessions is a command less. A database with replicas may answer Find with what was true a moment ago.
package scsstore
