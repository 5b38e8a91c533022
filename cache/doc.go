// Package cache is a typed cache with tags over a Redis that is reached by HTTP.
//
//	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
//	products := cache.Of[Product](c, cache.ViewOptions{Prefix: "product:", TTL: time.Hour, Tags: []string{"products"}})
//
//	p, err := products.GetOrLoad(ctx, "42", db.Product) // func(ctx, key) (Product, error)
//	err = c.Invalidate(ctx, "products")                 // after the change was committed
//
// # Promise
//
// What [View.GetOrLoad] returns is never older than the last [Cache.Invalidate]
// of one of its tags, or [View.Delete] of its key, that finished before the
// call, whoever else reads, loads, invalidates or crashes meanwhile, and
// whichever keys Redis evicts. A model test drives this package through a million
// random schedules of all that, and through every order of small ones, and finds
// no exception; it also finds the exceptions of nine weaker designs, and of the
// faults that are planted in this one.
//
// What is outside the promise: a database with replicas may serve a read that
// lags behind, to who does not bring the sync token of the invalidation ([Fresh];
// a client has its own); a source that itself lags; [View.Set] of a value that
// was read earlier; what is read from [Options.Memory], for the time that it is
// trusted; and a proxy that carries out a request a second time, later: one that
// made a stamp would bring back what was invalidated in between. This client
// sends no such request twice.
//
// # States
//
//	fresh         served                          within the TTL
//	early         served, and perhaps refreshed   within the TTL, close to its end: EarlyRefresh
//	stale         served, and refreshed by one    past it by up to StaleWhileRevalidate
//	expired       loaded; served if that fails    past it by up to StaleIfError
//	invalidated   loaded                          a stamp is absent or another
//	negative      ErrNotFound                     the source has no such thing: NegativeTTL
//	leased        waited for                      another process is loading it
//	absent        loaded                          none of the above
//
// A refresh runs within the call that finds it due, unless [Options.Background]
// has a place for it behind the call: so nothing is under way that the freeze of
// a Lambda function could stop, unless the program says how it is finished. Other
// callers do not wait for a refresh. [Cache.Drain] waits for all of them.
//
// # Failures
//
// A Redis that cannot be read costs its caller the loader and stores nothing
// ([Options.FailClosed] returns the error instead). A loader that fails is
// replaced by what is stored within StaleIfError, and is then left alone for
// [Options.RetryAfter]. A loader that panics, ends its goroutine or does not
// return in time is an error of its callers, and nobody hangs. An entry that
// cannot be read is a miss, and the load that follows replaces exactly that
// entry, never a newer one. [Info] and [Options.OnError] tell of all of it.
//
// # How
//
// A tag is a random stamp under a key of its own. An entry carries the stamps
// of its tags as they were before its loader ran, and is valid only while all
// of them are present and equal. So invalidating is deleting stamps, one
// command for any number of tags; a load that was overtaken by an invalidation
// stores an entry that is invalid from birth; and a stamp that is evicted costs
// a load, never a wrong answer.
//
// While a loader runs, the entry's key holds a placeholder, and the entry
// replaces only that placeholder. A Delete, or a Set, takes it away, and with it
// the right to store. Where a value is stored that is still of use, the lease is
// a key beside it, and the new entry replaces only the value that was seen. A
// server that cannot compare what it replaces (SET IFEQ, Redis before 8.4) is
// noticed, and sent a script.
//
// # Keys
//
//	<namespace>:k:<key>      an entry, or the placeholder of who is loading it
//	<namespace>:k<n>:<key>   the same for schema n > 0
//	<namespace>:l:<key>      the lease of who refreshes an entry or loads a bare one, likewise l<n>
//	<namespace>:t:<tag>      the stamp of a tag
//	<namespace>:e            the stamp of the whole namespace
//
// An entry is JSON with the value in its member "json", which readers that know
// superjson take as it is; [Codec] says how else values are written. A program
// in another language invalidates a tag by
// deleting its stamp: DEL <namespace>:t:<tag>.
//
// [Bare] is for programs that know nothing of this: its entries are their values
// and nothing else, without tags, and their lease is beside them.
//
// # Cost
//
//	                                             round trips  commands
//	hit, any number of tags                                1         1
//	hit in Options.Memory                                  0         0
//	miss                                                   3         3
//	miss, its 2 tags used the first time                   3         5
//	stale hit and its refresh                              3         5
//	Set                                                    2         2
//	Snapshot and SetSnapshot, nothing stored               3         3
//	Snapshot and SetSnapshot, over a value                 2         2
//	GetMany or LoadMany, 100 hits                          1         1
//	LoadMany, 100 misses                                   3       201
//	SetMany, 100 values                                    2       101
//	Delete, any number of keys                             1         1
//	Invalidate, any number of tags and entries             1         1
//	Purge, any number of entries                           1         1
//	Warm, 1,000 keys with 2 tags, nothing stored           3     1,002
//	Warm, 1,000 keys, all of them fresh                    1         1
//	Bare: hit                                              1         1
//	Bare: miss                                             3         7
//	Bare: Set                                              1         2
//	Explain                                                2         3
//
// A tag that is used for the first time is one command more, and so is the
// namespace; for Set and SetMany a round trip too. An entry that has tags which
// the reader does not declare takes one round trip and one command more.
package cache
