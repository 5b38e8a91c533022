package command

import "time"

// Copy copies the value and the expiry of a key, unless destination exists, and
// reports whether it did.
func Copy(source, destination string) Cmd[bool] {
	return once(Reply.Bool, "COPY", source, destination)
}

// CopyOptions changes what COPY does; the zero value is the plain command.
type CopyOptions struct {
	Replace bool // overwrite what is at the destination
}

// CopyWith is [Copy] with options. With Replace, false means that there is
// nothing to copy.
func CopyWith(source, destination string, o CopyOptions) Cmd[bool] {
	var t tail
	if o.Replace {
		t.add("REPLACE")
	}
	c := once(Reply.Bool, "COPY", source, destination, t)
	if o.Replace {
		return c.WithClass(Idempotent)
	}
	return c
}

// Del deletes keys and returns how many there were. It is one billed command
// whatever the number of keys.
func Del(keys ...string) Cmd[int64] { return idempotent(Reply.Int, "DEL", many("key", keys)) }

// Dump returns the value at key in the server's own binary form, for [Restore];
// [ErrNil] when there is none. Replies in plain JSON damage the bytes; base64,
// the default, does not.
func Dump(key string) Cmd[[]byte] { return read(Reply.Bytes, "DUMP", key) }

// Exists returns how many of the keys exist; a key that is given twice counts
// twice.
func Exists(keys ...string) Cmd[int64] { return read(Reply.Int, "EXISTS", many("key", keys)) }

// Keys returns all keys that match a glob pattern. It walks the whole database
// and returns everything at once: prefer [Scan].
func Keys(pattern string) Cmd[[]string] { return read(Reply.Texts, "KEYS", pattern) }

// MemoryUsage returns how many bytes key and its value take, as an estimate
// from a few of its items; [ErrNil] when there is no such key.
func MemoryUsage(key string) Cmd[int64] { return read(Reply.Int, "MEMORY", "USAGE", key) }

// MemoryUsageWith is [MemoryUsage] that looks at that many items; 0 is all of
// them.
func MemoryUsageWith(key string, samples int64) Cmd[int64] {
	return read(Reply.Int, "MEMORY", "USAGE", key, "SAMPLES", samples)
}

// RandomKey returns some key; [ErrNil] when the database is empty.
func RandomKey() Cmd[string] { return read(Reply.Text, "RANDOMKEY") }

// Rename gives a key another name and overwrites what had it. A missing key is
// an error.
func Rename(key, newKey string) Cmd[OK] { return once(Reply.Status, "RENAME", key, newKey) }

// RenameNX gives a key another name, unless that one exists, and reports
// whether it did. A missing key is an error.
func RenameNX(key, newKey string) Cmd[bool] { return once(Reply.Bool, "RENAMENX", key, newKey) }

// RestoreOptions changes what [Restore] does. At most one of TTL and ExpireAt
// may be given, and at most one of IdleTime and Frequency; the zero value makes
// a key that never ends and refuses to overwrite.
type RestoreOptions struct {
	TTL       time.Duration // ends that long from now; at least 1ms, rounded up to the millisecond
	ExpireAt  time.Time     // ends at that instant, to the millisecond
	Replace   bool          // overwrite what is at the key
	IdleTime  time.Duration // how long it was not used, in whole seconds, for eviction by age
	Frequency int64         // how often it was used, 1 to 255, for eviction by use; 0 is the server's choice
}

func (o RestoreOptions) ttl() (t tail) {
	switch {
	case o.TTL != 0 && !o.ExpireAt.IsZero():
		t.refuse("more than one expiry is given: choose one of TTL and ExpireAt")
	case o.TTL != 0 && o.TTL < time.Millisecond:
		t.refuse("TTL must be at least 1ms")
	case !o.ExpireAt.IsZero() && o.ExpireAt.UnixMilli() <= 0:
		t.refuse("ExpireAt must be after 1970: the server reads 0 as never")
	}
	if o.ExpireAt.IsZero() {
		t.add(milliseconds(o.TTL))
	} else {
		t.addInt(o.ExpireAt.UnixMilli())
	}
	return t
}

func (o RestoreOptions) tail() (t tail) {
	if o.Replace {
		t.add("REPLACE")
	}
	if !o.ExpireAt.IsZero() {
		t.add("ABSTTL")
	}
	if o.IdleTime != 0 {
		if o.IdleTime < 0 || o.IdleTime%time.Second != 0 {
			t.refuse("IdleTime counts whole seconds from 1s on")
		}
		t.add("IDLETIME", seconds(o.IdleTime))
	}
	if o.Frequency != 0 {
		if o.Frequency < 0 || o.Frequency > 255 {
			t.refuse("Frequency must be 1 to 255")
		}
		t.add("FREQ")
		t.addInt(o.Frequency)
	}
	if o.IdleTime != 0 && o.Frequency != 0 {
		t.refuse("choose one of IdleTime and Frequency")
	}
	return t
}

// Restore makes a key of what [Dump] returned. An existing key is an error with
// the code BUSYKEY unless Replace is given. A dump is binary, and REST carries
// binary only as the last word of a command: with Replace, ExpireAt, IdleTime
// or Frequency there are words behind it, and it cannot be sent.
func Restore(key string, serialized []byte, o RestoreOptions) Cmd[OK] {
	c := once(Reply.Status, "RESTORE", key, o.ttl(), serialized, o.tail())
	if o.Replace {
		return c.WithClass(Idempotent)
	}
	return c
}

// Touch marks keys as used just now and returns how many there are.
func Touch(keys ...string) Cmd[int64] { return read(Reply.Int, "TOUCH", many("key", keys)) }

// Type returns the name of the type of the value at key, for example "hash", or
// "none" when there is no such key.
func Type(key string) Cmd[string] { return read(Reply.Text, "TYPE", key) }

// Unlink is [Del] that frees the memory afterwards.
func Unlink(keys ...string) Cmd[int64] { return idempotent(Reply.Int, "UNLINK", many("key", keys)) }

// Wait waits until so many replicas have the writes so far, or for timeout,
// rounded up to the millisecond, and returns how many have them. A timeout of 0
// has no limit. The round trip takes that long.
func Wait(replicas int, timeout time.Duration) Cmd[int64] {
	return read(Reply.Int, "WAIT", replicas, waiting(timeout))
}

// AOFCounts says how many servers have the writes so far on disk.
type AOFCounts struct {
	Local    int64 // 1 if the server itself has them, else 0
	Replicas int64
}

// WaitAOF waits until so many servers have the writes so far on disk, local
// being 0 or 1, or for timeout, rounded up to the millisecond. A timeout of 0
// has no limit. The round trip takes that long.
func WaitAOF(local, replicas int, timeout time.Duration) Cmd[AOFCounts] {
	return read(Reply.aofCounts, "WAITAOF", local, replicas, waiting(timeout))
}

func (r Reply) aofCounts() (AOFCounts, error) {
	counts, err := r.Ints()
	if err != nil {
		return AOFCounts{}, err
	}
	if len(counts) != 2 {
		return AOFCounts{}, r.mismatch("two counts")
	}
	return AOFCounts{Local: counts[0], Replicas: counts[1]}, nil
}

func waiting(timeout time.Duration) (t tail) {
	if timeout < 0 {
		t.refuse("the timeout must not be negative")
	}
	t.add(milliseconds(timeout))
	return t
}
