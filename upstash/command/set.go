package command

import "slices"

// SAdd adds members and returns how many are new.
func SAdd(key string, members ...any) Cmd[int64] {
	return idempotent(Reply.Int, "SADD", key, values("member", members))
}

// SCard returns the number of members.
func SCard(key string) Cmd[int64] { return read(Reply.Int, "SCARD", key) }

// SDiff returns the members of the first set that are in none of the others.
func SDiff(keys ...string) Cmd[[]string] { return read(Reply.Texts, "SDIFF", many("key", keys)) }

// SDiffStore stores at destination what [SDiff] returns, whatever was there, and
// returns the number of its members.
func SDiffStore(destination string, keys ...string) Cmd[int64] {
	// A destination that is itself subtracted is another set the second time.
	subtracted := len(keys) > 0 && slices.Contains(keys[1:], destination)
	return onceIf(subtracted,
		idempotent(Reply.Int, "SDIFFSTORE", destination, many("key", keys)))
}

// SInter returns the members that are in all sets.
func SInter(keys ...string) Cmd[[]string] { return read(Reply.Texts, "SINTER", many("key", keys)) }

// SInterCard returns the number of members that are in all sets, counting no
// further than limit; 0 is no limit.
func SInterCard(limit int64, keys ...string) Cmd[int64] {
	var t tail
	if limit != 0 {
		t.add("LIMIT")
		t.addInt(limit)
	}
	return read(Reply.Int, "SINTERCARD", counted("key", keys), t)
}

// SInterStore stores at destination what [SInter] returns, whatever was there,
// and returns the number of its members.
func SInterStore(destination string, keys ...string) Cmd[int64] {
	return idempotent(Reply.Int, "SINTERSTORE", destination, many("key", keys))
}

// SIsMember reports whether the set has that member.
func SIsMember(key string, member any) Cmd[bool] {
	return read(Reply.Bool, "SISMEMBER", key, member)
}

// SMembers returns all members in no order. [SScan] returns a large set in
// pages.
func SMembers(key string) Cmd[[]string] { return read(Reply.Texts, "SMEMBERS", key) }

// SMIsMember tells for each of the members whether the set has it.
func SMIsMember(key string, members ...any) Cmd[[]bool] {
	return read(Reply.Bools, "SMISMEMBER", key, values("member", members))
}

// SMove moves a member from one set to another and reports whether source had
// it.
func SMove(source, destination string, member any) Cmd[bool] {
	return once(Reply.Bool, "SMOVE", source, destination, member)
}

// SPop removes a random member and returns it; [ErrNil] when there is none.
func SPop(key string) Cmd[string] { return once(Reply.Text, "SPOP", key) }

// SPopN removes up to count random members and returns them.
func SPopN(key string, count int64) Cmd[[]string] { return once(Reply.Texts, "SPOP", key, count) }

// SRandMember returns a random member and keeps it; [ErrNil] when there is none.
func SRandMember(key string) Cmd[string] { return read(Reply.Text, "SRANDMEMBER", key) }

// SRandMemberN returns up to count different random members. A negative count
// returns exactly that many, and one may come more than once.
func SRandMemberN(key string, count int64) Cmd[[]string] {
	return read(Reply.Texts, "SRANDMEMBER", key, count)
}

// SRem removes members and returns how many there were.
func SRem(key string, members ...any) Cmd[int64] {
	return idempotent(Reply.Int, "SREM", key, values("member", members))
}

// SScan returns some members and the cursor for the next call, as [Scan] does
// with keys.
func SScan(key, cursor string, o MatchOptions) Cmd[Page[string]] {
	return read(page(Reply.Texts), "SSCAN", key, from(cursor), o.tail())
}

// SUnion returns the members that are in any of the sets.
func SUnion(keys ...string) Cmd[[]string] { return read(Reply.Texts, "SUNION", many("key", keys)) }

// SUnionStore stores at destination what [SUnion] returns, whatever was there,
// and returns the number of its members.
func SUnionStore(destination string, keys ...string) Cmd[int64] {
	return idempotent(Reply.Int, "SUNIONSTORE", destination, many("key", keys))
}
