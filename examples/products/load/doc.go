// Package load asks the shop's API from many callers at once, while requests to
// Redis fail, and then compares every answer with the database's own history:
//
//   - wrong is an answer that the database never had, or not yet;
//   - stale is one that was right before a change whose answer, with status 200,
//     201 or 204, was there before the request began.
//
// Both must be 0. The same traffic runs against the recipe that this SDK grew
// from, to see what it is worth and what it costs.
package load
