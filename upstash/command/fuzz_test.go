package command_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// decoders lists every decoder: the methods of Reply by their shape, and those
// that only a constructor has.
func decoders() map[string]func(command.Reply) error {
	all := map[string]func(command.Reply) error{
		"ZPopMin":           decoder(command.ZPopMin("k")),
		"ZMPop":             decoder(command.ZMPop(command.ZLowest, 1, "k")),
		"ZRankWithScore":    decoder(command.ZRankWithScore("k", "m")),
		"ZScan":             decoder(command.ZScan("k", "", command.MatchOptions{})),
		"Scan":              decoder(command.Scan("", command.ScanOptions{})),
		"ScanWithTypes":     decoder(command.ScanWithTypes("", command.ScanOptions{})),
		"TTL":               decoder(command.TTL("k")),
		"ExpireTime":        decoder(command.ExpireTime("k")),
		"WaitAOF":           decoder(command.WaitAOF(1, 0, 0)),
		"HExpire":           decoder(command.HExpire("k", time.Second, "f")),
		"HPersist":          decoder(command.HPersist("k", "f")),
		"HTTL":              decoder(command.HTTL("k", "f")),
		"BitField":          decoder(command.BitField("k", command.Signed(8).At(0).Get())),
		"GeoPos":            decoder(command.GeoPos("k", "m")),
		"GeoSearchWith":     decoder(command.GeoSearchWith(command.GeoSearchArgs{}, command.GeoWith{Dist: true, Hash: true, Point: true})),
		"LMPop":             decoder(command.LMPop(command.Left, 1, "k")),
		"Ping":              decoder(command.Ping()),
		"ACLGetUser":        decoder(command.ACLGetUser("u")),
		"ACLLog":            decoder(command.ACLLog()),
		"FunctionList":      decoder(command.FunctionList()),
		"FunctionStats":     decoder(command.FunctionStats()),
		"PubSubNumSub":      decoder(command.PubSubNumSub("c")),
		"Time":              decoder(command.Time()),
		"JSON":              decoder(command.JSON[map[string]int](command.Get("k"))),
		"JSONArrLen":        decoder(command.JSONArrLen("k", "$")),
		"JSONArrPop":        decoder(command.JSONArrPop("k", "$")),
		"JSONDebugMemory":   decoder(command.JSONDebugMemory("k", "$")),
		"JSONNumIncrBy":     decoder(command.JSONNumIncrBy("k", "$", 1)),
		"JSONObjKeys":       decoder(command.JSONObjKeys("k", "$")),
		"JSONSet":           decoder(command.JSONSet("k", "$", 1)),
		"JSONToggle":        decoder(command.JSONToggle("k", "$")),
		"SearchAggregate":   decoder(command.SearchAggregate("i", command.SearchAll(), nil)),
		"SearchAliasAdd":    decoder(command.SearchAliasAdd("a", "i")),
		"SearchCount":       decoder(command.SearchCount("i", command.SearchAll())),
		"SearchDescribe":    decoder(command.SearchDescribe("i")),
		"SearchJSON":        decoder(command.SearchJSON[map[string]int](command.SearchQuery("i", command.SearchAll()))),
		"SearchListAliases": decoder(command.SearchListAliases()),
		"SearchListIndexes": decoder(command.SearchListIndexes()),
		"SearchQuery":       decoder(command.SearchQuery("i", command.SearchAll())),
		"XRead":             decoder(command.XRead(command.XReadOptions{}, command.XFrom{Key: "k"})),
		"XDelEx":            decoder(command.XDelEx("k", "", "1")),
		"XAutoClaim":        decoder(command.XAutoClaim("k", "g", "c", 0, command.XAutoClaimOptions{})),
		"XAutoClaimIDs":     decoder(command.XAutoClaimIDs("k", "g", "c", 0, command.XAutoClaimOptions{})),
		"XPending":          decoder(command.XPending("k", "g")),
		"XPendingRange":     decoder(command.XPendingRange("k", "g", "-", "+", 1)),
		"XInfoStream":       decoder(command.XInfoStream("k")),
		"XInfoStreamFull":   decoder(command.XInfoStreamFull("k")),
		"XInfoGroups":       decoder(command.XInfoGroups("k")),
		"XInfoConsumers":    decoder(command.XInfoConsumers("k", "g")),
	}
	methods := reflect.TypeFor[command.Reply]()
	for method := range methods.Methods() {
		shape := method.Type
		if shape.NumIn() != 1 || shape.NumOut() != 2 || shape.Out(1) != reflect.TypeFor[error]() {
			continue
		}
		all["Reply."+method.Name] = func(r command.Reply) error {
			err, _ := reflect.TypeAssert[error](method.Func.Call([]reflect.Value{reflect.ValueOf(r)})[1])
			return err
		}
	}
	return all
}

func decoder[T any](c command.Cmd[T]) func(command.Reply) error {
	return func(r command.Reply) error {
		_, err := c.Decode(r)
		return err
	}
}

// replyOf builds a reply from bytes: one for the kind, then what the kind needs.
// Every text and the hidden part of every error carry the marker.
func replyOf(data []byte, depth int) (command.Reply, []byte) {
	next := func() (b byte) {
		if len(data) > 0 {
			b, data = data[0], data[1:]
		}
		return b
	}
	take := func() string {
		n := min(int(next()%16), len(data))
		s := string(data[:n])
		data = data[n:]
		return s
	}
	switch next() % 8 {
	case 0:
		return command.Reply{}, data
	case 1:
		n := int64(next())
		for range 7 {
			n = n<<8 | int64(next())
		}
		return command.IntReply(n), data
	case 2:
		return command.IntReply(int64(next() % 2)), data
	case 3:
		return command.ErrorReply("ERR unknown command, with args beginning with: " + marker + take()), data
	case 4:
		return command.TextReply([]string{"OK", "0", "1.5", "-inf", "nan", "", "{}", "1e999"}[next()%8]), data
	case 5:
		return command.TextReply(take() + marker + take()), data
	}
	count := int(next() % 8)
	if depth == 0 {
		count = 0
	}
	items := make([]command.Reply, count)
	for i := range items {
		items[i], data = replyOf(data, depth-1)
	}
	return command.ArrayReply(items...), data
}

func FuzzDecoders(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 255, 255, 255, 255, 255, 255, 255, 255})          // -1
	f.Add([]byte{3, 1, 'x'})                                          // an error
	f.Add([]byte{4, 0})                                               // OK
	f.Add([]byte{5, 2, 'a', 'b', 1, 255})                             // text
	f.Add([]byte{6, 2, 5, 1, 'm', 0, 4, 2})                           // a member and its score
	f.Add([]byte{6, 2, 2, 1, 4, 2})                                   // a rank and a score
	f.Add([]byte{6, 2, 5, 0, 0, 6, 1, 6, 2, 5, 1, 'm', 0, 4, 3})      // a key and its members
	f.Add([]byte{6, 2, 4, 1, 6, 4, 5, 0, 0, 4, 2, 5, 0, 0, 0})        // a page with a score missing
	f.Add([]byte{6, 3, 0, 3, 0, 6, 1, 6, 1, 6, 1, 6, 1, 6, 1, 6, 1})  // nil, an error, a deep list
	f.Add([]byte{6, 4, 5, 0, 0, 5, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 42}) // pairs with an integer
	all := decoders()
	f.Fuzz(func(t *testing.T, data []byte) {
		r, _ := replyOf(data, 6)
		for name, decode := range all {
			err := decode(r)
			if err == nil {
				continue
			}
			if shown := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(shown, marker) {
				t.Errorf("%s of %v: the error shows the reply: %s", name, r, shown)
			}
			var decodeErr *command.DecodeError
			var serverErr *command.Error
			switch {
			case errors.Is(err, command.ErrNil):
				if r.Kind() == command.KindArray && name != "ZPopMin" {
					t.Errorf("%s of %v reads as absent", name, r)
				}
			case errors.As(err, &decodeErr), errors.As(err, &serverErr):
			default:
				t.Errorf("%s of %v: error = %T, want one of this package", name, r, err)
			}
		}
	})
}
