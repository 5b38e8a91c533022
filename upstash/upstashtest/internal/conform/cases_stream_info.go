package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// streamInfo leaves out what is the server's own business.
func streamInfo(key string) command.Cmd[command.XStreamInfo] {
	return command.Map(command.XInfoStream(key), func(i command.XStreamInfo) (command.XStreamInfo, error) {
		i.RadixTreeKeys, i.RadixTreeNodes = 0, 0
		return i, nil
	})
}

// consumerInfo leaves out what servers tell since version 7.2.
func consumerInfo(key, group string) command.Cmd[[]command.XConsumerInfo] {
	return command.Map(command.XInfoConsumers(key, group), func(consumers []command.XConsumerInfo) ([]command.XConsumerInfo, error) {
		for i := range consumers {
			consumers[i].Inactive = none[time.Duration]()
		}
		return consumers, nil
	})
}

// streamFull leaves out both, and instants, of which it only wants some.
func streamFull(c command.Cmd[command.XStreamFull]) command.Cmd[command.XStreamFull] {
	return command.Map(c, func(s command.XStreamFull) (command.XStreamFull, error) {
		s.RadixTreeKeys, s.RadixTreeNodes = 0, 0
		for i := range s.Groups {
			g := &s.Groups[i]
			timeless(g.Pending)
			for j := range g.Consumers {
				consumer := &g.Consumers[j]
				consumer.SeenAt, consumer.ActiveAt = since(consumer.SeenAt), none[time.Time]()
				timeless(consumer.Pending)
			}
		}
		return s, nil
	})
}

func timeless(delivered []command.XDelivered) {
	for i := range delivered {
		delivered[i].At = since(delivered[i].At)
	}
}

// since is the zero time for an instant that can be one.
func since(at time.Time) time.Time {
	if at.After(longAgo) {
		return time.Time{}
	}
	return at
}

func streamInfoCases() []Case {
	const noEntry = "0-0"
	delivered := func(ids ...string) (list []command.XDelivered) {
		for _, id := range ids {
			list = append(list, command.XDelivered{ID: id, Consumer: "c", Deliveries: 1})
		}
		return list
	}
	full := command.XStreamFull{
		Length: 2, LastGeneratedID: "2-2", MaxDeletedEntryID: "1-1", EntriesAdded: some[int64](3), RecordedFirstEntryID: "2-1",
		Entries: messages(two, twoTwo),
		Groups: []command.XGroupFull{{
			Name: "g", LastDeliveredID: "2-1", EntriesRead: some[int64](2), Lag: some[int64](1), PendingCount: 2, Pending: delivered("1-1", "2-1"),
			Consumers: []command.XConsumerFull{{Name: "c", PendingCount: 2, Pending: delivered("1-1", "2-1")}},
		}},
	}
	first := full
	first.Entries = messages(two)
	first.Groups = []command.XGroupFull{full.Groups[0]}
	first.Groups[0].Pending = delivered("1-1")
	first.Groups[0].Consumers = []command.XConsumerFull{{Name: "c", PendingCount: 2, Pending: delivered("1-1")}}
	return []Case{
		returns("XInfoStream", pendingTwo+"; XDEL s 2-1", streamInfo("s"), command.XStreamInfo{
			Length: 2, Groups: 1, LastGeneratedID: "2-2", MaxDeletedEntryID: "2-1", EntriesAdded: some[int64](3), RecordedFirstEntryID: "1-1",
			FirstEntry: some(one), LastEntry: some(twoTwo),
		}),
		returns("XInfoStream: trimmed", three+"; XTRIM s MAXLEN 0", streamInfo("s"), command.XStreamInfo{
			LastGeneratedID: "2-2", MaxDeletedEntryID: noEntry, EntriesAdded: some[int64](3), RecordedFirstEntryID: noEntry,
		}),
		returns("XInfoStream: empty", "XGROUP CREATE s g $ MKSTREAM", streamInfo("s"), command.XStreamInfo{
			Groups: 1, LastGeneratedID: noEntry, MaxDeletedEntryID: noEntry, EntriesAdded: some[int64](0), RecordedFirstEntryID: noEntry,
		}),
		returns("XInfoStream: renamed", three+"; RENAME s k", streamInfo("k"), command.XStreamInfo{
			Length: 3, LastGeneratedID: "2-2", MaxDeletedEntryID: noEntry, EntriesAdded: some[int64](3), RecordedFirstEntryID: "1-1",
			FirstEntry: some(one), LastEntry: some(twoTwo),
		}),
		fails("XInfoStream: absent key", "", streamInfo("s"), "ERR"),
		fails("XInfoStream: string", "SET s v", streamInfo("s"), "WRONGTYPE"),
		returns("XInfoStreamFull", pendingTwo+"; XDEL s 1-1", streamFull(command.XInfoStreamFull("s")), full),
		returns("XInfoStreamFullN", pendingTwo+"; XDEL s 1-1", streamFull(command.XInfoStreamFullN("s", 1)), first),
		returns("XInfoStreamFullN: all", pendingTwo+"; XDEL s 1-1", streamFull(command.XInfoStreamFullN("s", 0)), full),
		fails("XInfoStreamFull: absent key", "", command.XInfoStreamFull("s"), "ERR"),
		returns("XInfoGroups", pendingTwo+"; XGROUP CREATE s a 0", command.XInfoGroups("s"), []command.XGroupInfo{
			{Name: "a", LastDeliveredID: noEntry, Lag: some[int64](3)},
			{Name: "g", Consumers: 1, Pending: 2, LastDeliveredID: "2-1", EntriesRead: some[int64](2), Lag: some[int64](1)},
		}),
		returns("XInfoGroups: gap ahead", pendingTwo+"; XADD s 3-1 e 5; XADD s 4-1 e 6; XDEL s 3-1", command.XInfoGroups("s"), []command.XGroupInfo{
			{Name: "g", Consumers: 1, Pending: 2, LastDeliveredID: "2-1", EntriesRead: some[int64](2)},
		}),
		returns("XInfoGroups: none", three, command.XInfoGroups("s"), []command.XGroupInfo{}),
		fails("XInfoGroups: absent key", "", command.XInfoGroups("s"), "ERR"),
		returns("XInfoConsumers", pendingTwo+"; XGROUP CREATECONSUMER s g b", consumerInfo("s", "g"), []command.XConsumerInfo{{Name: "b"}, {Name: "c", Pending: 2}}),
		returns("XInfoConsumers: none", grouped, consumerInfo("s", "g"), []command.XConsumerInfo{}),
		fails("XInfoConsumers: no group", three, command.XInfoConsumers("s", "g"), "NOGROUP"),
		fails("XInfoConsumers: absent key", "", command.XInfoConsumers("s", "g"), "ERR"),
	}
}
