package session_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// row is one field of the database.
type row struct {
	key, id, suffix, value string
	end                    time.Time
	version                int64     // of headers, like the next
	expires                time.Time // the absolute limit
}

// rows is the whole database, in three requests.
func (o *oracle) rows(ctx context.Context) ([]row, error) {
	rdb := o.srv.Client()
	keys, err := rdb.Keys(ctx, "*")
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	var read, ends upstash.Batch
	for _, key := range keys {
		read.Commands = append(read.Commands, command.HGetAll(key).Args())
	}
	hashes, err := rdb.Do(ctx, read)
	if err != nil {
		return nil, err
	}
	var rows []row
	var lengths []int
	for i, key := range keys {
		fields, err := upstash.Decode(command.HGetAll(key), hashes[i], i)
		if err != nil {
			return nil, err
		}
		names := slices.Sorted(maps.Keys(fields))
		if len(names) == 0 {
			continue
		}
		ends.Commands = append(ends.Commands, command.HPExpireTime(key, names...).Args())
		lengths = append(lengths, len(names))
		for _, name := range names {
			r := row{key: key, value: fields[name]}
			r.id, r.suffix, _ = strings.Cut(name, "#")
			if r.suffix == "" {
				if err := r.parse(); err != nil {
					return nil, err
				}
			}
			rows = append(rows, r)
		}
	}
	replies, err := rdb.Do(ctx, ends)
	if err != nil {
		return nil, err
	}
	n := 0
	for i, reply := range replies {
		times, err := upstash.Decode(command.HPExpireTime("", ""), reply, i)
		if err != nil || len(times) != lengths[i] {
			return nil, fmt.Errorf("%d of %d ends: %w", len(times), lengths[i], err)
		}
		for _, end := range times {
			if !end.At.Valid {
				return nil, fmt.Errorf("I4: a field %q never ends", rows[n].suffix)
			}
			rows[n].end = end.At.V
			n++
		}
	}
	return rows, nil
}

// parse reads the numbers of a header.
func (r *row) parse() (err error) {
	parts := strings.Split(r.value, ":")
	if len(parts) != 6 {
		return errors.New("a header is damaged")
	}
	if r.version, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return err
	}
	ms, err := strconv.ParseInt(parts[4], 10, 64)
	r.expires = time.UnixMilli(ms)
	return err
}
