package upstash

import (
	"context"
	"iter"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// ScanAll walks the keys of the database, page after page:
//
//	for key, err := range rdb.ScanAll(ctx, command.ScanOptions{Match: "user:*"}) {
//		if err != nil {
//			return err
//		}
//		...
//	}
//
// Each page is one round trip and one billed command, pages without matches
// among them: Count, 10 by default, says about how many keys one of them looks
// at. The next page is asked for when the keys of the last one are used up, and
// not at all once the loop is left.
//
// A key that is there from the first page to the last comes at least once; one
// that is made or deleted meanwhile may come or not, and any may come twice.
//
// The first error, that of a context which has ended among them, is yielded once
// with an empty key and ends the loop. Every new loop over the same iterator
// starts from the beginning. Safe for concurrent use.
func (c Commands) ScanAll(ctx context.Context, o command.ScanOptions) iter.Seq2[string, error] {
	return scanAll(ctx, c, func(cursor string) command.Cmd[command.Page[string]] {
		return command.Scan(cursor, o)
	})
}

// ScanWithTypesAll is [Commands.ScanAll] that tells the type of each key too.
// Only Upstash has that option of SCAN.
func (c Commands) ScanWithTypesAll(ctx context.Context, o command.ScanOptions) iter.Seq2[command.KeyType, error] {
	return scanAll(ctx, c, func(cursor string) command.Cmd[command.Page[command.KeyType]] {
		return command.ScanWithTypes(cursor, o)
	})
}

// HScanAll walks the fields of a hash and their values, as [Commands.ScanAll]
// walks keys. A small hash comes in one page, whatever Count says.
func (c Commands) HScanAll(ctx context.Context, key string, o command.MatchOptions) iter.Seq2[command.Pair, error] {
	return scanAll(ctx, c, func(cursor string) command.Cmd[command.Page[command.Pair]] {
		return command.HScan(key, cursor, o)
	})
}

// HScanNoValuesAll walks the fields of a hash without their values, as
// [Commands.ScanAll] walks keys.
func (c Commands) HScanNoValuesAll(ctx context.Context, key string, o command.MatchOptions) iter.Seq2[string, error] {
	return scanAll(ctx, c, func(cursor string) command.Cmd[command.Page[string]] {
		return command.HScanNoValues(key, cursor, o)
	})
}

// SScanAll walks the members of a set, as [Commands.ScanAll] walks keys. A small
// set comes in one page, whatever Count says.
func (c Commands) SScanAll(ctx context.Context, key string, o command.MatchOptions) iter.Seq2[string, error] {
	return scanAll(ctx, c, func(cursor string) command.Cmd[command.Page[string]] {
		return command.SScan(key, cursor, o)
	})
}

// ZScanAll walks the members of a sorted set and their scores, in no order, as
// [Commands.ScanAll] walks keys. A small set comes in one page, whatever Count
// says.
func (c Commands) ZScanAll(ctx context.Context, key string, o command.MatchOptions) iter.Seq2[command.Z, error] {
	return scanAll(ctx, c, func(cursor string) command.Cmd[command.Page[command.Z]] {
		return command.ZScan(key, cursor, o)
	})
}

func scanAll[T any](ctx context.Context, d Doer, next func(cursor string) command.Cmd[command.Page[T]]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page := (command.Page[T]{}); !page.Done(); {
			var err error
			if page, err = scanPage(ctx, d, next(page.Cursor)); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// scanPage does not leave the end of the context to the Doer: one that does not
// look at it would be asked for page after page.
func scanPage[T any](ctx context.Context, d Doer, c command.Cmd[command.Page[T]]) (command.Page[T], error) {
	if err := ctx.Err(); err != nil {
		return command.Page[T]{}, &Error{Op: c.Args().Name(), Index: -1, Message: err.Error(), cause: err}
	}
	return Exec(ctx, d, c)
}
