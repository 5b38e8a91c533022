package command

// Publish sends a message to the subscribers of a channel and returns how many
// got it. Who is not subscribed right then never does.
func Publish(channel string, message any) Cmd[int64] {
	return once(Reply.Int, "PUBLISH", channel, message)
}

// PubSubChannels returns the channels that have subscribers and match a glob
// pattern; an empty pattern is all of them. Subscriptions to patterns do not
// count.
func PubSubChannels(pattern string) Cmd[[]string] {
	var t tail
	if pattern != "" {
		t.add(pattern)
	}
	return read(Reply.Texts, "PUBSUB", "CHANNELS", t)
}

// PubSubNumPat returns how many patterns have subscribers.
func PubSubNumPat() Cmd[int64] { return read(Reply.Int, "PUBSUB", "NUMPAT") }

// PubSubNumSub returns how many subscribers each channel has, in the order of
// the channels. Subscriptions to patterns do not count.
func PubSubNumSub(channels ...string) Cmd[[]int64] {
	return read(Reply.subscriberCounts, "PUBSUB", "NUMSUB", many("channel", channels))
}

func (r Reply) subscriberCounts() ([]int64, error) {
	return pairs(r, func(_ string, count Reply) (int64, error) { return inside(count, Reply.Int) })
}
