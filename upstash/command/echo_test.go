package command_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestErrorsKeepTheirMeaning(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"WRONGTYPE Operation against a key holding the wrong kind of value":                "",
		"ERR wrong number of arguments for 'get' command":                                  "",
		"ERR wrong number of arguments for 'xgroup|create' command":                        "",
		"NOPERM this user has no permissions to run the 'set' command or its subcommand":   "",
		"READONLY You can't write against a read only replica.":                            "",
		"NOSCRIPT No matching script. Please use EVAL.":                                    "",
		"ERR Command is not available: 'BLPOP'. See https://example.com/docs for details":  "",
		"ERR Unknown subcommand or wrong number of arguments for 'x'. Try XINFO HELP.":     "ERR Unknown subcommand or wrong number of arguments for '...'. Try XINFO HELP.",
		"ERR unknown command 'NEWCMD', with args beginning with: 'm4rk3r' 'v' ":            "ERR unknown command 'NEWCMD'",
		"ERR unknown command `NEWCMD`, with args beginning with: `m4rk3r`, ":               "ERR unknown command `NEWCMD`",
		"NOGROUP No such key 'm4rk3r' or consumer group 'm4rk3r' in XREADGROUP with GROUP": "NOGROUP No such key '...' in XREADGROUP with GROUP",
		"NOGROUP No such key 'm4rk3r' m4rk3r 'm4rk3r' or consumer group 'g'":               "NOGROUP No such key '...'",
		"ERR Error in ACL SETUSER modifier '>m4rk3r': Syntax error":                        "ERR Error in ACL SETUSER modifier '...': Syntax error",
		`ERR Wrong password or user "m4rk3r" does not exist`:                               `ERR Wrong password or user "..." does not exist`,
		"ERR Path '$.m4rk3r' does not exist":                                               "ERR Path '...' does not exist",
		"ERR Error compiling script (new function): user_script:1: '=' expected near 'no'": "",
		"ERR Path '$.m4rk3r":                    "ERR Path '...",
		"ERR the 'm4rk3r' of the user can't be": "ERR the '...' of the user can't be",
		"ERR Dynamic keys are not allowed when 'allow-key-locking' flag is set. Key was: m4rk3r": "ERR Dynamic keys are not allowed when 'allow-key-locking' flag is set",
	} {
		if want == "" {
			want = text
		}
		e := command.NewError(text)
		if e.Error() != want {
			t.Errorf("%q becomes %q, want %q", text, e.Error(), want)
		}
		if strings.Contains(e.Error(), "m4rk3r") || e.Detail() != text {
			t.Errorf("%q: shown is %q, in detail %q", text, e.Error(), e.Detail())
		}
	}
}

// FuzzErrorEcho puts a value between quotes into messages of the kinds that echo.
func FuzzErrorEcho(f *testing.F) {
	for _, value := range []string{"v", "a' b", "' or '", "can't", "x' command", "\"", "`", ""} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		const mark = "\x00m4rk\x00"
		for _, before := range []string{"ERR Path '", "NOGROUP No such key '", `ERR user "`} {
			quote := before[len(before)-1:]
			for _, echo := range []string{mark + value, value + mark} {
				e := command.NewError(before + echo + quote + " does not exist")
				if strings.Contains(e.Error(), mark) {
					t.Errorf("%q shows %q", before+echo+quote, e.Error())
				}
			}
		}
	})
}
