package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

// pubSubCases are about channels that nobody knows. Others have subscribers where
// a database is in use.
func pubSubCases() []Case {
	const a, b = "upstashtest:conform:a", "upstashtest:conform:b"
	return []Case{
		returns("Publish", "", command.Publish(a, "two words"), 0),
		returns("PubSubChannels", "", command.PubSubChannels("upstashtest:conform:*"), []string{}),
		returns("PubSubChannels: all", "", command.Map(command.PubSubChannels(""), func(list []string) (bool, error) { return list != nil, nil }), true),
		returns("PubSubNumPat", "", command.Map(command.PubSubNumPat(), func(n int64) (bool, error) { return n >= 0, nil }), true),
		returns("PubSubNumSub", "", command.PubSubNumSub(b, a), []int64{0, 0}),
	}
}
