package command_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestACLCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.ACLCat().Args(), "ACL CAT", command.ReadOnly},
		{command.ACLCatWith("read").Args(), "ACL CAT read", command.ReadOnly},
		{command.ACLDelUser("a", "b").Args(), "ACL DELUSER a b", command.Idempotent},
		{command.ACLGenPass().Args(), "ACL GENPASS", command.ReadOnly},
		{command.ACLGenPassWith(128).Args(), "ACL GENPASS 128", command.ReadOnly},
		{command.ACLGenToken("a").Args(), "ACL GENTOKEN a", command.ReadOnly},
		{command.ACLGenTokenWith("a", "p").Args(), "ACL GENTOKEN a p", command.ReadOnly},
		{command.ACLGetUser("a").Args(), "ACL GETUSER a", command.ReadOnly},
		{command.ACLList().Args(), "ACL LIST", command.ReadOnly},
		{command.ACLLoad().Args(), "ACL LOAD", command.Idempotent},
		{command.ACLLog().Args(), "ACL LOG", command.ReadOnly},
		{command.ACLLogWith(5).Args(), "ACL LOG 5", command.ReadOnly},
		{command.ACLLogReset().Args(), "ACL LOG RESET", command.Idempotent},
		{command.ACLRestToken("a", "p").Args(), "ACL RESTTOKEN a p", command.ReadOnly},
		{command.ACLSave().Args(), "ACL SAVE", command.Idempotent},
		{command.ACLSetUser("a").Args(), "ACL SETUSER a", command.Idempotent},
		{command.ACLSetUser("a", "on", "~k:*", "+@read").Args(), "ACL SETUSER a on ~k:* +@read", command.Idempotent},
		{command.ACLUsers().Args(), "ACL USERS", command.ReadOnly},
		{command.ACLWhoAmI().Args(), "ACL WHOAMI", command.ReadOnly},
	})
	checkRefused(t, []refused{
		{"delete nobody", command.ACLDelUser().Err(), "at least one user"},
		{"password of no bits", command.ACLGenPassWith(0).Err(), "1 to 4096"},
		{"password of too many bits", command.ACLGenPassWith(4097).Err(), "1 to 4096"},
		{"negative count", command.ACLLogWith(-1).Err(), "must not be negative"},
	})
}

func TestACLCommandsDecode(t *testing.T) {
	t.Parallel()
	user := command.ACLGetUser("a")
	want := command.ACLUser{
		Flags: []string{"on"}, Passwords: []string{"5e88"}, Commands: "-@all +@read",
		Keys: []string{"~a:*", "~b:*"}, Channels: []string{},
	}
	lists := list("flags", list("on"), "passwords", list("5e88"), "commands", "-@all +@read",
		"keys", list("~a:*", "~b:*"), "channels", list(), "selectors", list())
	texts := list("flags", list("on"), "passwords", list("5e88"), "commands", "-@all +@read", "keys", "~a:* ~b:*", "channels", "")
	checkReply(t, user, lists, want)
	checkReply(t, user, texts, want)
	checkReply(t, user, command.Reply{}, command.ErrNil)
	checkMismatch(t, user, list("flags"), "flat pairs")
	checkMismatch(t, user, list("commands", nil), "a value inside the list")
	checkMismatch(t, user, list("keys", 1), "array")
	checkMismatch(t, user, list("passwords", list(nil)), "a value inside the list")

	checkReply(t, command.ACLDelUser("a"), number(1), int64(1))
	checkReply(t, command.ACLList(), list("user default on"), []string{"user default on"})
	checkReply(t, command.ACLLogReset(), text("OK"), command.OK{})
	checkReply(t, command.ACLWhoAmI(), text("default"), "default")
	if log, err := command.ACLLog().Decode(list(list("count", 1))); err != nil || len(log) != 1 {
		t.Errorf("ACLLog = %v, %v", log, err)
	}
}

func TestACLShowsNoPassword(t *testing.T) {
	t.Parallel()
	var line strings.Builder
	user := command.ACLUser{Passwords: []string{marker}, Commands: "+@all"}
	slog.New(slog.NewTextHandler(&line, nil)).Info("user", "u", user)
	for _, shown := range []string{
		fmt.Sprintf("%v %+v %#v %s", user, user, user, []command.ACLUser{user}), line.String(),
		fmt.Sprintf("%v %+v %#v", command.ACLSetUser("a", ">"+marker), command.ACLGenTokenWith("a", marker), command.ACLRestToken("a", marker)),
	} {
		if strings.Contains(shown, marker) {
			t.Errorf("the password is shown: %s", shown)
		}
	}
	if got := user.String(); !strings.Contains(got, "1 passwords") || !strings.Contains(got, "+@all") {
		t.Errorf("String() = %s", got)
	}
}
