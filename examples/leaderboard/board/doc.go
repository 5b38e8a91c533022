// Package board is a leaderboard over one sorted set.
//
//	b, err := board.New[Player](rdb, board.Options{Key: "game:2026-w10", Mode: board.Best})
//
//	err = b.Submit(ctx, "ann", 1200)
//	top, err := b.Top(ctx, 10)
//	near, err := b.Around(ctx, "ann", 2) // two above, two below
//
// # Ties
//
// A sorted set orders members of equal score by their names, in a list from the
// top in reverse: "zoe" stands above "ann". With Options.Ties the one who was
// there first stands above: the time is packed under the score into the one
// number that Redis compares. That number is a float64, so score and time share
// 53 bits, and what does not fit is refused rather than rounded.
//
// # Cost
//
//	                      round trips  billed commands
//	Submit                          1  1, and 1 more with Ends
//	Submit, Sum with Ties           1  3, and 1 more with Ends
//	Top, Page                       1  1
//	Rank                            1  1
//	Around                          1  3
//	Shared                          1  3
//	Percentile                      1  2
//	Trim, Remove, Archive           1  1
//
// A script takes one round trip and one command more the first time.
package board
