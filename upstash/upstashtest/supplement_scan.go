package upstashtest

import (
	"bufio"
	"bytes"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// A scanner is a command of the SCAN family. The engine answers all at once, or
// in pages that miss elements when others are deleted meanwhile; here pages keep
// what Redis promises.
type scanner struct {
	name   string
	cursor int    // its place among the arguments
	width  int    // how many words of a reply belong to one element
	option string // one that the engine does not know
	packed int    // so many elements still come at once, whatever COUNT says
}

// packedElements is up to where Redis keeps the elements of a key in one piece.
const packedElements = 128

var (
	scanKeys    = scanner{name: "SCAN", cursor: 0, width: 1, option: "WITHTYPE"}
	scanFields  = scanner{name: "HSCAN", cursor: 1, width: 2, option: "NOVALUES", packed: packedElements}
	scanMembers = scanner{name: "SSCAN", cursor: 1, width: 1, packed: packedElements}
	scanScores  = scanner{name: "ZSCAN", cursor: 1, width: 2, packed: packedElements}
)

// supplyScan knows WITHTYPE, which is the service's own: keys and their types
// take turns in the list.
func supplyScan(e *embedded, c *server.Peer, args []string) bool {
	page, withTypes, ok := scanKeys.page(e, c, args)
	if ok && withTypes {
		keys := page.items
		page.items = make([]string, 0, 2*len(keys))
		for _, key := range keys {
			kind := e.ask(c, "TYPE", key)
			page.items = append(page.items, key, strings.TrimSpace(strings.TrimPrefix(string(kind), "+")))
		}
	}
	return page.write(c, ok)
}

// supplyHScan knows NOVALUES.
func supplyHScan(e *embedded, c *server.Peer, args []string) bool {
	page, noValues, ok := scanFields.page(e, c, args)
	if ok && noValues {
		fields := make([]string, 0, len(page.items)/2)
		for field := range slices.Chunk(page.items, 2) {
			fields = append(fields, field[0])
		}
		page.items = fields
	}
	return page.write(c, ok)
}

func supplySScan(e *embedded, c *server.Peer, args []string) bool {
	page, _, ok := scanMembers.page(e, c, args)
	return page.write(c, ok)
}

func supplyZScan(e *embedded, c *server.Peer, args []string) bool {
	page, _, ok := scanScores.page(e, c, args)
	return page.write(c, ok)
}

// scanPage is what one command of the SCAN family answers.
type scanPage struct {
	cursor uint64
	items  []string
}

// write ends a supplement: without a page the client has its answer.
func (p scanPage) write(c *server.Peer, ok bool) (done bool) {
	if ok {
		c.WriteLen(2)
		c.WriteBulk(strconv.FormatUint(p.cursor, 10))
		c.WriteStrings(p.items)
	}
	return true
}

// page finds the elements of one page. When there is none it has answered c.
func (s scanner) page(e *embedded, c *server.Peer, args []string) (page scanPage, optional, ok bool) {
	command, count, optional := s.split(args)
	from, err := strconv.ParseUint(args[s.cursor], 10, 64)
	if err == nil {
		command[1+s.cursor] = "0"
	} // otherwise the engine says what is wrong with it
	matching, ok := s.elements(e, c, command)
	if !ok {
		return scanPage{}, optional, false
	}
	// COUNT is about all elements, and MATCH leaves some of them out afterwards.
	all, ok := s.elements(e, c, append([]string{s.name}, command[1:2+s.cursor]...))
	if !ok {
		return scanPage{}, optional, false
	}
	until := uint64(0)
	if len(all) > s.packed {
		until = after(all, from, count)
	}
	page.cursor, page.items = until, []string{}
	for _, element := range matching {
		if at := placeOf(element); at >= from && (until == 0 || at < until) {
			page.items = append(page.items, element...)
		}
	}
	return page, optional, true
}

// split takes the option and COUNT out of a command.
func (s scanner) split(args []string) (command []string, count int, optional bool) {
	command, count = append([]string{s.name}, args[:s.cursor+1]...), 10
	for i := s.cursor + 1; i < len(args); i++ {
		if s.option != "" && strings.EqualFold(args[i], s.option) {
			optional = true
			continue
		}
		value := args[i+1 : min(i+2, len(args))]
		if len(value) > 0 && strings.EqualFold(args[i], "COUNT") {
			if n, err := strconv.Atoi(value[0]); err == nil && n > 0 {
				count = n
				i++
				continue
			} // otherwise the engine says what is wrong with it
		}
		command = append(append(command, args[i]), value...)
		i += len(value)
	}
	return command, count, optional
}

// elements has the engine scan all at once. When it fails, c has its answer.
func (s scanner) elements(e *embedded, c *server.Peer, command []string) (elements [][]string, ok bool) {
	reply := e.ask(c, command...)
	parsed, err := server.ParseReply(bufio.NewReader(bytes.NewReader(reply)))
	parts, isList := parsed.([]any)
	if err != nil || !isList || len(parts) != 2 {
		c.WriteRaw(string(reply))
		return nil, false
	}
	items, _ := parts[1].([]any)
	words := make([]string, len(items))
	for i, item := range items {
		words[i], _ = item.(string)
	}
	return slices.Collect(slices.Chunk(words, s.width)), true
}

// after is the cursor behind a page of so many elements, 0 at the end. A cursor
// is a place in the order of [placeOf], which no other element changes: so one
// that is there all along comes exactly once.
func after(elements [][]string, from uint64, count int) uint64 {
	var places []uint64
	for _, element := range elements {
		if at := placeOf(element); at >= from {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	if len(places) <= count {
		return 0
	}
	return places[count]
}

// placeOf spreads elements over all cursors, most of which no float64 holds.
func placeOf(element []string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(element[0])) // it cannot fail
	return h.Sum64()
}
