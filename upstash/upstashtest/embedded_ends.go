package upstashtest

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// ends are the clock by which keys and fields end.
//
// The engine keeps how long each of them has left, and as time passes takes it
// off all of them, one by one, with all keys put in order first: milliseconds for
// every command when there are ten thousand keys. So it is done only when one of
// them ends. In between, what the engine has as left is more than there is, by
// the lag: commands that set an end are given it on top, and of what those say
// that tell one it is taken off. All of it is in whole milliseconds, as in Redis.
type ends struct {
	passed time.Time        // when it was last done
	due    time.Time        // nothing ends earlier; zero when nothing ends
	states map[int]struct{} // the numbers that older states have had
	eager  bool             // do it for every command, to compare with
}

// setClock is the beginning of everything that is done with the data: at is now.
func (e *embedded) setClock(at time.Time) {
	if at.Before(e.at) { // it was set back: what is left stays
		e.pass()
		e.passed = at
		e.due = at // to be found
	}
	e.at = at
	e.engine.SetTime(at)
	if !e.due.IsZero() && !at.Before(e.due) {
		e.pass()
		e.due = e.firstEnd()
	} else if e.eager {
		e.pass()
	}
}

// pass takes what has passed off everything, and with it the lag.
func (e *embedded) pass() {
	if lag := e.lag(); lag > 0 {
		e.engine.FastForward(lag)
		e.passed = e.at
	}
}

func (e *embedded) lag() time.Duration { return e.at.Sub(e.passed) }

// expect notes that something is going to end.
func (e *embedded) expect(end time.Time) {
	if e.due.IsZero() || end.Before(e.due) {
		e.due = end
	}
}

// firstEnd looks for what ends first, where there is no lag.
func (e *embedded) firstEnd() time.Time {
	first := time.Duration(0)
	note := func(left time.Duration) { // zero is for ever
		if left > 0 && (first == 0 || left < first) {
			first = left
		}
	}
	for _, state := range append(slices.Collect(maps.Keys(e.states)), newestState) {
		db := e.engine.DB(state)
		for _, key := range db.Keys() {
			note(db.TTL(key))
			if !e.anyEnds || db.Type(key) != "hash" {
				continue
			}
			fields, err := db.HKeys(key)
			if err != nil {
				continue // it is a hash
			}
			for _, field := range fields {
				note(db.HTTL(key, field))
			}
		}
	}
	if first == 0 {
		return time.Time{}
	}
	return e.at.Add(first)
}

// setsEnd are the commands of the engine that set an end, and how they are told
// an instant that is later by the lag. A command stays as it is when the engine is
// to say what is wrong with it, or what comes of an end that is past. The problem
// is Redis's text for an end that is too far away for a number.
var setsEnd = map[string]func(e *embedded, command []string) (later []string, problem string){
	"EXPIRE":    expiresLater(endUnits["EX"]),
	"EXPIREAT":  expiresLater(endUnits["EXAT"]),
	"GETEX":     optionLater(2),
	"HSETEX":    optionLater(2),
	"PEXPIRE":   expiresLater(endUnits["PX"]),
	"PEXPIREAT": expiresLater(endUnits["PXAT"]),
	"PSETEX":    setsLater(endUnits["PX"]),
	"SET":       optionLater(3),
	"SETEX":     setsLater(endUnits["EX"]),
}

// tellsEnd are the commands of the engine that tell ends, or what is left, in
// milliseconds. Those in seconds are served from these.
var tellsEnd = nameSet("HPTTL PEXPIRETIME PTTL")

// toEngine executes one of the engine's own commands.
func (e *embedded) toEngine(c *server.Peer, command []string) {
	name := strings.ToUpper(command[0])
	if later, sets := setsEnd[name]; sets {
		translated, problem := later(e, command)
		if problem != "" {
			c.WriteError(problem)
			return
		}
		command = translated
	} else if lag := e.lag().Milliseconds(); lag > 0 && tellsEnd[name] {
		reply := replyTo(c, func(inner *server.Peer) { e.dispatchPlain(inner, command) })
		c.WriteRaw(string(sooner(reply, lag)))
		return
	}
	e.dispatchPlain(c, command)
}

func (e *embedded) dispatchPlain(c *server.Peer, command []string) {
	e.plain = true
	e.commands.Dispatch(c, command)
}

// later is an end, by the lag later, as an instant in milliseconds, or nothing for
// what is no number, or past.
func (e *embedded) later(text string, unit endUnit, command string) (instant, problem string) {
	const reach = int64(250 * 365 * 24 * time.Hour / time.Millisecond) // the engine counts nanoseconds: 292 years
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return "", ""
	}
	end, now := n*unit.ms, e.at.UnixMilli()
	if end/unit.ms != n || unit.fromNow && end > math.MaxInt64-now {
		return "", endText(command)
	}
	if unit.fromNow {
		end += now
	}
	if end <= now {
		return "", ""
	}
	end = min(end, now+reach)
	e.expect(time.UnixMilli(end))
	return strconv.FormatInt(end+e.lag().Milliseconds(), 10), ""
}

// expiresLater is for commands of a key, an end, and conditions.
func expiresLater(unit endUnit) func(*embedded, []string) ([]string, string) {
	return func(e *embedded, command []string) ([]string, string) {
		if len(command) < 3 {
			return command, ""
		}
		end, problem := e.later(command[2], unit, command[0])
		if _, err := strconv.ParseInt(command[2], 10, 64); end == "" && problem == "" && err == nil {
			// It is past. The engine makes a time to come of one that is far back.
			end = strconv.FormatInt(e.at.UnixMilli(), 10)
		}
		if end == "" {
			return command, problem
		}
		return append([]string{"PEXPIREAT", command[1], end}, command[3:]...), ""
	}
}

// setsLater is for commands of a key, an end, and a value.
func setsLater(unit endUnit) func(*embedded, []string) ([]string, string) {
	return func(e *embedded, command []string) ([]string, string) {
		if len(command) != 4 {
			return command, ""
		}
		end, problem := e.later(command[2], unit, command[0])
		if end == "" {
			return command, problem
		}
		return []string{"SET", command[1], command[3], "PXAT", end}, ""
	}
}

// optionLater is for commands that have options from the word of that number on.
func optionLater(from int) func(*embedded, []string) ([]string, string) {
	return func(e *embedded, command []string) ([]string, string) {
		for i := from; i+1 < len(command); i++ {
			option := strings.ToUpper(command[i])
			if option == "FIELDS" { // data from here on
				break
			}
			unit, ends := endUnits[option]
			if !ends {
				continue
			}
			end, problem := e.later(command[i+1], unit, command[0])
			if end == "" {
				return command, problem
			}
			later := slices.Clone(command)
			later[i], later[i+1] = "PXAT", end
			return later, ""
		}
		return command, ""
	}
}

// sooner takes milliseconds off every number of a reply that is not negative:
// those say that there is no end.
func sooner(reply []byte, ms int64) []byte {
	lines := bytes.SplitAfter(reply, []byte("\r\n"))
	for i, line := range lines {
		number, is := bytes.CutPrefix(bytes.TrimSpace(line), []byte{':'})
		if n, err := strconv.ParseInt(string(number), 10, 64); is && err == nil && n >= 0 {
			lines[i] = strconv.AppendInt([]byte{':'}, n-ms, 10)
			lines[i] = append(lines[i], "\r\n"...)
		}
	}
	return bytes.Join(lines, nil)
}
