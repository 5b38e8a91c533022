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
// whichever keys Redis evicts. A model test drives this package through random
// schedules of all that and finds no exception; it also finds the exceptions of
// weaker designs.
//
// What is outside the promise: a database with replicas may serve a read that
// lags behind (a client reads its own writes through the sync token); a source
// that itself lags; and [View.Set] of a value that was read earlier.
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
// the right to store.
//
// # Keys
//
//	<namespace>:k:<key>      an entry, or the placeholder of who is loading it
//	<namespace>:k<n>:<key>   the same for schema n > 0
//	<namespace>:l:<key>      the lease of who refreshes an entry, likewise l<n>
//	<namespace>:t:<tag>      the stamp of a tag
//	<namespace>:e            the stamp of the whole namespace
//
// An entry is JSON with the value in its member "json", which readers that know
// superjson take as it is. A program in another language invalidates a tag by
// deleting its stamp: DEL <namespace>:t:<tag>.
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
//	Explain                                                2         3
//
// A tag that is used for the first time is one command more, and so is the
// namespace; for Set and SetMany a round trip too. An entry that has tags which
// the reader does not declare takes one round trip and one command more.
package cache
