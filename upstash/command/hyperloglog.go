package command

// PFAdd counts elements in the HyperLogLog at key, which takes 12 KB at most
// however many there are, and reports whether its estimate may have changed.
// Without elements it makes an empty one, if there is none.
func PFAdd(key string, elements ...any) Cmd[bool] {
	var t tail
	for _, element := range elements {
		t.addValue(element)
	}
	return idempotent(Reply.Bool, "PFADD", key, t)
}

// PFCount returns about how many different elements were added to the keys
// together. The standard error is 0.81%.
func PFCount(keys ...string) Cmd[int64] { return read(Reply.Int, "PFCOUNT", many("key", keys)) }

// PFMerge adds what the sources have counted to the HyperLogLog at destination.
// Without sources it makes an empty one, if there is none.
func PFMerge(destination string, sources ...string) Cmd[OK] {
	return idempotent(Reply.Status, "PFMERGE", destination, tail{words: sources})
}
