package conform

import (
	"slices"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func serverCases() []Case {
	const (
		two    = "SET k v; SADD s a"
		events = "notify-keyspace-events"
	)
	empty := left(command.DBSize(), 0)
	setting := func(value string) check {
		return left(command.ConfigGet(events), map[string]string{events: value})
	}
	fields := func(c command.Cmd[string]) command.Cmd[bool] {
		return command.Map(c, func(report string) (bool, error) { return len(command.InfoFields(report)) > 0, nil })
	}
	return []Case{
		returns("Command", "", command.Command(), []command.Reply{}),
		returns("ConfigGet", "", command.Map(command.ConfigGet("absent", "notify-*"), func(m map[string]string) (int, error) { return len(m), nil }), 1),
		returns("ConfigGet: unknown", "", command.ConfigGet("absent"), map[string]string{}),
		returns("ConfigSet", "", command.ConfigSet(events, ""), ok, setting("")),
		returns("ConfigSet: events", "", command.ConfigSet(events, "K$"), ok, setting("$K"), left(command.ConfigSet(events, ""), ok)),
		fails("ConfigSet: unknown", "", command.ConfigSet("absent", "v"), "ERR"),
		returns("ConfigSetMany", "", command.ConfigSetMany(map[string]any{events: ""}), ok, setting("")),
		returns("DBSize", two, command.DBSize(), 2),
		returns("DBSize: empty", "", command.DBSize(), 0),
		returns("FlushAll", two, command.FlushAll(""), ok, empty),
		returns("FlushAll: FlushSync", two, command.FlushAll(command.FlushSync), ok, empty),
		returns("FlushAll: FlushAsync", two, command.FlushAll(command.FlushAsync), ok, empty),
		returns("FlushDB", two, command.FlushDB(""), ok, empty),
		returns("FlushDB: FlushSync", two, command.FlushDB(command.FlushSync), ok, empty),
		returns("FlushDB: FlushAsync", two, command.FlushDB(command.FlushAsync), ok, empty),
		returns("Info", "", fields(command.Info()), true),
		returns("InfoWith", "", fields(command.InfoWith("stats")), true),
		returns("InfoWith: unknown", "", command.InfoWith("absent"), ""),
		returns("Time", "", command.Map(command.Time(), func(at time.Time) (bool, error) { return at.After(longAgo), nil }), true),
	}
}

// aclCases leave no user behind.
func aclCases() []Case {
	const user, made = "conform", "ACL SETUSER conform reset on ~k:* +get"
	has := func(c command.Cmd[[]string], beginning string) command.Cmd[bool] {
		return command.Map(c, func(list []string) (bool, error) {
			return slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(s, beginning) }), nil
		})
	}
	length := func(c command.Cmd[string]) command.Cmd[int] {
		return command.Map(c, func(s string) (int, error) { return len(s), nil })
	}
	given := func(c command.Cmd[string]) command.Cmd[bool] {
		return command.Map(c, func(s string) (bool, error) { return s != "", nil })
	}
	is := func(name string) command.Cmd[string] {
		return command.Map(command.ACLGetUser(name), func(u command.ACLUser) (string, error) {
			return u.Flags[0] + " " + u.Commands, nil
		})
	}
	log := func(c command.Cmd[[]command.Reply]) command.Cmd[bool] {
		return command.Map(c, func(list []command.Reply) (bool, error) { return list != nil, nil })
	}
	gone := left(command.ACLDelUser(user), 1)
	return []Case{
		returns("ACLCat", "", has(command.ACLCat(), "read"), true),
		returns("ACLCatWith", "", has(command.ACLCatWith("read"), "get"), true),
		fails("ACLCatWith: unknown", "", command.ACLCatWith("absent"), "ERR"),
		returns("ACLDelUser", made, command.ACLDelUser(user, "absent"), 1),
		returns("ACLGenPass", "", length(command.ACLGenPass()), 64),
		returns("ACLGenPassWith", "", length(command.ACLGenPassWith(5)), 2),
		returns("ACLGenToken", made, given(command.ACLGenToken(user)), true, gone),
		returns("ACLGenTokenWith", made, given(command.ACLGenTokenWith(user, "password")), true, gone),
		returns("ACLGetUser", "", is("default"), "on +@all"),
		nothing("ACLGetUser: unknown", "", command.ACLGetUser(user)),
		returns("ACLList", "", has(command.ACLList(), "user default on "), true),
		returns("ACLLoad", "", command.ACLLoad(), ok),
		returns("ACLLog", "", log(command.ACLLog()), true),
		returns("ACLLogWith", "", log(command.ACLLogWith(1)), true),
		returns("ACLLogReset", "", command.ACLLogReset(), ok),
		fails("ACLRestToken: wrong password", "", command.ACLRestToken("default", "wrong"), "ERR"),
		returns("ACLSave", "", command.ACLSave(), ok),
		returns("ACLSetUser", "", command.ACLSetUser(user, "on", "~k:*", "+get"), ok, left(is(user), "on -@all +get"), gone),
		fails("ACLSetUser: no rule", "", command.ACLSetUser(user, "absent"), "ERR", left(has(command.ACLUsers(), user), false)),
		returns("ACLUsers", "", has(command.ACLUsers(), "default"), true),
		returns("ACLWhoAmI", "", given(command.ACLWhoAmI()), true),
	}
}
