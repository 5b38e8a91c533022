// Package lock holds locks in a Redis that is reached by HTTP: leases that end
// by themselves, with fencing tokens for what must be right even then.
//
//	locks, err := lock.New(rdb, lock.Options{TTL: 30 * time.Second})
//
//	err = locks.With(ctx, "invoice:7", func(ctx context.Context, lease *lock.Lease) error {
//		... // nobody else does this now, as long as ctx lives
//	})
//
//	lease, err := locks.TryLock(ctx, "invoice:7") // or ErrNotAcquired
//	lease, err := locks.Lock(ctx, "invoice:7")    // waits as long as ctx lives
//	defer lease.Release(ctx)
//
// # Promise
//
// At most one lease of a key is valid ([Lease.Err] is nil) at any instant,
// whatever requests and replies are lost, late or doubled, and whichever holders
// crash or are frozen, provided that
//
//   - the database keeps the lock until its TTL has passed: none is evicted, and
//     no failover loses it. Upstash copies writes to replicas after it answered,
//     so that a failover may lose the newest; with eviction on, keys that expire
//     are the first to go; and nobody deletes them, [Locker.Break] included;
//   - the clocks of holder and server run alike within 1 percent over one TTL. A
//     monotonic clock that stands still during a freeze is made up for by the
//     wall clock, and a wall clock that is set back by the monotonic one; both
//     at once are not.
//
// A model test drives this package through random schedules of all that; it also
// finds the mistakes that locks are known for, when they are planted.
//
// A valid lease does not stop what its holder began before. A process may be
// frozen between its look at the lease and its write, and a write may be late on
// the network. So a lock alone makes it unlikely that work is done twice: right
// for saving effort, and not for what must never be wrong.
//
// # Fencing
//
// With [Options.Fenced] each lease has a number that is higher than that of every
// lease of its key before, and the resource refuses who comes with a lower one
// than it has seen. That holds through every freeze and delay, and when locks
// are evicted. [Lease.GuardedSet] is such a resource in the same Redis;
// [Lease.Fence] shows what an SQL table does. The counter goes on from the
// server's clock when it is lost as a whole. A failover that loses only its
// newest steps may give a number twice.
//
// # Unknown outcomes
//
// Every request of one acquisition carries the same random token, so that who
// did not get the reply asks again and recognizes its own lock. An acquisition
// that fails gives back what it may have acquired. What neither can reach is a
// request that the network delivers after all that: the lock then has no holder
// until its TTL has passed.
//
// # Freezes
//
// Nothing runs in the background unless it is asked for: [Options.MaxHold] or
// [Lease.KeepAlive]. Functions are frozen between invocations, and a lease that
// is held then ends. When the process goes on, Err knows before any timer fires.
//
// # Keys
//
//	<prefix>:{<key>}        the lock: 26 random characters, then the holder's note
//	<prefix>:{<key>}:fence  the counter of fencing tokens, which never expires
//
// # Cost
//
//	                                                        round trips  billed commands
//	TryLock, each poll of Lock                                        1                1
//	Extend, Release, Break                                            1                1
//	Err, Done, Context, Remaining                                     0                0
//	Peek                                                              1                2
//	TryLock with a fencing token                                      1                3
//	TryLock with a fencing token, the first of a key                  1                5
//	TryLock with a fencing token, of a lock that is taken              1                2
//	GuardedSet                                                        1                3
//	GuardedSet that is refused                                        1                2
//
// A test compares this table with what a server counts.
// A server that does not know a script is sent it once more, in a round trip of
// its own; so is a request whose reply was lost. Of 50 who wait for a lock that
// each holds for 100ms, each polls about 10 times, and 27 times with fixed pauses
// of 100ms; the last one gets it after 7s instead of 5s.
//
// Locks need SET with NX and GET, SET with IFEQ, and DELEX, as Upstash and Redis
// 8.4 have them.
package lock
