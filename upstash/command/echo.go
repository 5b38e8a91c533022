package command

import "strings"

// withoutEcho cuts out of a server's message what it repeats of the command that
// it refused, which is the user's data: whatever is in quotes, but for the name of
// a command, an option or a flag, and what follows the words that introduce an
// echo. Where it is unclear what the data's own quotes end, more is cut.
func withoutEcho(message string) string {
	if strings.HasPrefix(message, "Error compiling script") {
		return message // it quotes the script, which is the program's
	}
	for _, before := range []string{", with args beginning with:", "Key was: "} {
		if kept, _, echoes := strings.Cut(message, before); echoes {
			message = strings.TrimRight(kept, " .")
		}
	}
	open := opening(message)
	if open < 0 {
		return message
	}
	end := closing(message, open)
	if isName(message[open+1:end]) && named(message[:open], message[min(end+1, len(message)):]) {
		return message
	}
	return message[:open+1] + "..." + message[end:]
}

const quotes = "'\"`"

// opening finds the first quotation mark at the beginning of a word: others are
// apostrophes.
func opening(s string) int {
	for i := range len(s) {
		if strings.IndexByte(quotes, s[i]) >= 0 && (i == 0 || strings.IndexByte(" ([{:=,", s[i-1]) >= 0) {
			return i
		}
	}
	return -1
}

// closing finds the last quotation mark at the end of a word, or the end of s.
func closing(s string, open int) int {
	for i := len(s) - 1; i > open; i-- {
		if strings.IndexByte(quotes, s[i]) >= 0 && (i+1 == len(s) || strings.IndexByte(" )]}:=,.;!?", s[i+1]) >= 0) {
			return i
		}
	}
	return len(s)
}

// named tells by the words around it that what is quoted is a name of Redis.
func named(before, after string) bool {
	for _, word := range []string{" command", " flag", " option", " subcommand"} {
		if strings.HasPrefix(after, word) {
			return true
		}
	}
	for _, word := range []string{"command ", "subcommand ", "use ", "not available: "} {
		if strings.HasSuffix(before, word) {
			return true
		}
	}
	return false
}

// isName tells what can be the name of a command, an option or a flag.
func isName(s string) bool {
	const longest = 64
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("._|-", c) >= 0:
		default:
			return false
		}
	}
	return s != "" && len(s) <= longest
}
