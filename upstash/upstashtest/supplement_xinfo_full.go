package upstashtest

// fullGroups are the groups with their consumers and what is pending, up to count
// each; 0 is all.
func (i xinfo) fullGroups(count int) {
	groups := i.e.xgroups(i.c, i.key)
	i.c.WriteBulk("groups")
	i.c.WriteLen(len(groups))
	for _, g := range groups {
		pending := i.e.xpending(i.c, i.key, g.name)
		i.c.WriteLen(2 * 7)
		i.text("name", g.name)
		i.text("last-delivered-id", g.last)
		i.progress(g)
		i.number("pel-count", int64(len(pending)))
		i.delivered(pending, count, true)
		consumers := i.consumersOf(g.name)
		i.c.WriteBulk("consumers")
		i.c.WriteLen(len(consumers))
		for _, consumer := range consumers {
			own := pendingFor(pending, consumer.name)
			i.c.WriteLen(2 * 5)
			i.text("name", consumer.name)
			i.number("seen-time", i.ago(consumer.idle))
			active := int64(-1)
			if consumer.inactive >= 0 {
				active = i.ago(consumer.inactive)
			}
			i.number("active-time", active)
			i.number("pel-count", int64(len(own)))
			i.delivered(own, count, false)
		}
	}
}

// ago is an instant in Unix milliseconds.
func (i xinfo) ago(milliseconds int) int64 { return i.e.at.UnixMilli() - int64(milliseconds) }

func (i xinfo) delivered(pending []xpending, count int, withConsumer bool) {
	if count > 0 {
		pending = pending[:min(count, len(pending))]
	}
	i.c.WriteBulk("pending")
	i.c.WriteLen(len(pending))
	for _, p := range pending {
		if withConsumer {
			i.c.WriteLen(4)
			i.c.WriteBulk(p.id)
			i.c.WriteBulk(p.consumer)
		} else {
			i.c.WriteLen(3)
			i.c.WriteBulk(p.id)
		}
		i.c.WriteInt(int(i.ago(p.idle)))
		i.c.WriteInt(p.deliveries)
	}
}
